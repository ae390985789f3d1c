import { ACK_WAIT_SECONDS } from '#libs/contracts';
import type { DeliveryInfo } from './delivery.js';
import { milliseconds } from './stored-message.js';

const SECOND = 1000;
/** Older messages, and all that come so soon after a break, may have been handled before. */
const LONG = ACK_WAIT_SECONDS * SECOND;

/**
 * Tells which deliveries of a consumer may have been handled before, although the broker may call them first
 * deliveries: a consumer that was made again, or whose server was killed, hands over old messages as new.
 */
export class Suspicion {
  private until: number;
  private lastConsumerSequence = 0;

  /** A process that begins cannot know what was before it. Times are milliseconds since 1970. */
  constructor(now: number) {
    this.until = now + LONG;
  }

  /** The consumer or the connection was away: for a while nothing is certain. */
  raise(now: number): void {
    this.until = now + LONG;
  }

  /** Whether a delivery may have been handled before; asked once for each, in the order in which they arrive. */
  isOn({ deliveries, consumerSequence, timestamp }: DeliveryInfo, now: number): boolean {
    if (consumerSequence <= this.lastConsumerSequence) this.raise(now);
    this.lastConsumerSequence = consumerSequence;
    const age = now - milliseconds(timestamp);
    return deliveries > 1 || age > LONG || now < this.until;
  }
}
