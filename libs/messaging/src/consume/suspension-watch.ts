import { type Clocks, readClocks } from './clocks.js';

const TICK_MS = 250;
const SUSPENDED_MS = 1000;
const DISTRUST_MS = 5000;

/**
 * Detects that this process was suspended (SIGSTOP, a sleeping laptop). The broker may meanwhile have delivered
 * messages that this process reads afterwards to another worker, although they look like first deliveries. It reads both
 * clocks: the wall clock can be set back during a suspension, and the monotonic clock stops while the machine sleeps. A
 * wall clock that is set forward looks like a suspension, which only causes additional checks.
 */
export class SuspensionWatch {
  /** On the monotonic clock. */
  private distrustUntil = Number.NEGATIVE_INFINITY;
  private suspensions = 0;
  private readonly timer = setInterval(() => this.tick(readClocks()), TICK_MS).unref();

  /** `lastTick`: what the clocks show now. */
  constructor(private lastTick: Clocks = readClocks()) {}

  /** True for 5 s after a suspension of more than 1 s. */
  wasSuspended(now = readClocks()): boolean {
    this.tick(now);
    return now.monotonic < this.distrustUntil;
  }

  /** Number of suspensions of more than 1 s since the start. */
  count(now = readClocks()): number {
    this.tick(now);
    return this.suspensions;
  }

  close(): void {
    clearInterval(this.timer);
  }

  private tick(now: Clocks): void {
    const { monotonic, wall } = this.lastTick;
    if (Math.max(now.monotonic - monotonic, now.wall - wall) > SUSPENDED_MS) {
      this.distrustUntil = now.monotonic + DISTRUST_MS;
      this.suspensions += 1;
    }
    this.lastTick = now;
  }
}
