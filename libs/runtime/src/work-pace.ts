/** Rounds take at most this share of the time in the long run. */
const BUSY_SHARE = 1 / 8;
/** Milliseconds of work that may follow a pause without any rest. */
const BURST = 50;

/**
 * How long the next round of repeated work waits, so that it finds more to do: a larger round costs less per item. After
 * a pause, rounds follow each other at once, so a little work is done without delay; under load they rest as long as it
 * takes to stay below an eighth of the time. Times are milliseconds on the clock of `monotonicNow`.
 */
export class WorkPace {
  /** Milliseconds of work that may be done without rest; negative: a rest is due. */
  private budget = BURST;
  private countedAt = Number.NEGATIVE_INFINITY;
  private begun = Number.NEGATIVE_INFINITY;

  /** `longest`: at most this time passes between the beginnings of two rounds because of a rest. */
  constructor(private readonly longest: number) {}

  /** Milliseconds until the next round may begin. */
  rest(now: number): number {
    this.count(now);
    return Math.max(0, Math.min(-this.budget / BUSY_SHARE, this.begun + this.longest - now));
  }

  /** A round begins. */
  begin(now: number): void {
    this.begun = now;
  }

  /** The round that began last has ended. */
  end(now: number): void {
    this.count(now);
    this.budget = Math.max(-this.longest * BUSY_SHARE, this.budget - (now - this.begun));
  }

  private count(now: number): void {
    this.budget = Math.min(BURST, this.budget + (now - this.countedAt) * BUSY_SHARE);
    this.countedAt = now;
  }
}
