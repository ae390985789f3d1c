/**
 * Milliseconds on the monotonic clock of this process. Measure every interval with it: the wall clock (`Date.now`) jumps
 * when it is corrected. Its zero is the start of the process, so its values are neither sent nor stored.
 */
export const monotonicNow = (): number => performance.now();

/** Measures the time since it was created. */
export class Stopwatch {
  private readonly monotonic = monotonicNow();
  private readonly wall = Date.now();

  /** Milliseconds on the monotonic clock, which stops while the machine sleeps. */
  elapsed(): number {
    return monotonicNow() - this.monotonic;
  }

  /**
   * Milliseconds, including the time in which the machine slept: the larger of what both clocks show. A wall clock that
   * was set forward looks like sleep.
   */
  elapsedWithSleep(): number {
    return Math.max(this.elapsed(), Date.now() - this.wall);
  }
}
