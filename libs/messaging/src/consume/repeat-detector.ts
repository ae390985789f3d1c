import { ACK_WAIT_SECONDS } from '#libs/contracts';
import { milliseconds } from '../streams/stored-message.js';
import type { DeliveryInfo } from './delivery.js';

const SECOND = 1000;
/**
 * The age from which a message may have been handled before, and the time after an interruption when all may have been.
 */
const LONG = ACK_WAIT_SECONDS * SECOND;

/**
 * Decides which deliveries of a consumer may have been handled before. The broker's own count is not enough: a
 * recreated consumer, or one whose server was killed, delivers old messages as first deliveries.
 */
export class RepeatDetector {
  private until: number;
  private lastConsumerSequence = 0;

  /** A new process cannot know what happened before it. Times are milliseconds since 1970. */
  constructor(now: number) {
    this.until = now + LONG;
  }

  /** The consumer or the connection was interrupted: every delivery of the next minute may be a repeat. */
  distrust(now: number): void {
    this.until = now + LONG;
  }

  /** Whether a delivery may have been handled before; call it once for each delivery, in the order of arrival. */
  mayBeRepeat({ deliveries, consumerSequence, timestamp }: DeliveryInfo, now: number): boolean {
    if (consumerSequence <= this.lastConsumerSequence) this.distrust(now);
    this.lastConsumerSequence = consumerSequence;
    const age = now - milliseconds(timestamp);
    return deliveries > 1 || age > LONG || now < this.until;
  }
}
