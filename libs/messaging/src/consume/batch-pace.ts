/** Bounds of the time between the beginnings of two batches, in milliseconds. */
const SHORTEST = 20;
const LONGEST = 100;
/** A handler is busy for at most this share of the time, unless batches are full. */
const BUSY_SHARE = 1 / 3;

/**
 * How long the next batch waits for more messages. A larger batch costs less per message, so batches begin further apart
 * the longer one takes; after a pause, the next one begins at once. Times are milliseconds on the clock of
 * `monotonicNow`.
 */
export class BatchPace {
  private begun = Number.NEGATIVE_INFINITY;
  private apart = SHORTEST;

  /** Milliseconds until the next batch may begin. */
  rest(now: number): number {
    return Math.max(0, this.begun + this.apart - now);
  }

  /** A batch begins. */
  begin(now: number): void {
    this.begun = now;
  }

  /** The batch that began last is handled. */
  end(now: number): void {
    this.apart = Math.min(LONGEST, Math.max(SHORTEST, (now - this.begun) / BUSY_SHARE));
  }
}
