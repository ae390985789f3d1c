/** Bounds of the time between the beginnings of two rounds, in milliseconds. */
const SHORTEST = 5;
const LONGEST = 100;
/** Rounds take at most this share of the time. */
const BUSY_SHARE = 1 / 3;

/**
 * How long the next round of repeated work waits, so that it finds more to do: a larger round costs less per item.
 * Rounds begin further apart the longer one takes; after a pause, the next one begins at once. Times are milliseconds on
 * the clock of `monotonicNow`.
 */
export class WorkPace {
  private begun = Number.NEGATIVE_INFINITY;
  private apart = SHORTEST;

  /** Milliseconds until the next round may begin. */
  rest(now: number): number {
    return Math.max(0, this.begun + this.apart - now);
  }

  /** A round begins. */
  begin(now: number): void {
    this.begun = now;
  }

  /** The round that began last has ended. */
  end(now: number): void {
    this.apart = Math.min(LONGEST, Math.max(SHORTEST, (now - this.begun) / BUSY_SHARE));
  }
}
