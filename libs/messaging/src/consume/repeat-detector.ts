import { milliseconds } from '../streams/stored-message.js';
import type { Clocks } from './clocks.js';
import type { DeliveryInfo } from './delivery.js';

const SECOND = 1000;
/**
 * The age in seconds from which a message may have been handled before, and the time after an interruption when all may
 * have been. What was handled before an interruption is either older than this or arrives within this time.
 */
export const DOUBTFUL_SECONDS = 60;
const LONG = DOUBTFUL_SECONDS * SECOND;

/**
 * Decides which deliveries of a consumer may have been handled before. The broker's own count is not enough: a
 * recreated consumer, or one whose server was killed, delivers old messages as first deliveries.
 *
 * The age of a message is measured with two clocks, because the wall clock of this machine may be wrong: with the wall
 * clock, and with the broker's clock as far as its timestamps show it. The larger age counts: a check that was not
 * necessary is harmless.
 */
export class RepeatDetector {
  /** On the monotonic clock. */
  private until: number;
  private lastConsumerSequence = 0;
  /** How far the broker's clock is ahead of the monotonic clock of this process, at least. */
  private brokerAhead = Number.NEGATIVE_INFINITY;

  /** A new process cannot know what happened before it. `monotonic` is the time on the monotonic clock. */
  constructor(monotonic: number) {
    this.until = monotonic + LONG;
  }

  /** The consumer or the connection was interrupted: every delivery of the next minute may be a repeat. */
  distrust(monotonic: number): void {
    this.until = monotonic + LONG;
  }

  /** Whether a delivery may have been handled before; call it once for each delivery, in the order of arrival. */
  mayBeRepeat({ deliveries, consumerSequence, timestamp }: DeliveryInfo, { monotonic, wall }: Clocks): boolean {
    if (consumerSequence <= this.lastConsumerSequence) this.distrust(monotonic);
    this.lastConsumerSequence = consumerSequence;
    const stored = milliseconds(timestamp);
    this.brokerAhead = Math.max(this.brokerAhead, stored - monotonic);
    const age = Math.max(wall, this.brokerAhead + monotonic) - stored;
    return deliveries > 1 || age > LONG || monotonic < this.until;
  }
}
