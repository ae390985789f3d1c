const TICK_MS = 250;
const SUSPENDED_MS = 1000;
const DISTRUST_MS = 5000;

/**
 * Detects that this process was suspended (SIGSTOP, a sleeping laptop). The broker may meanwhile have delivered
 * messages that this process reads afterwards to another worker, although they look like first deliveries.
 */
export class SuspensionWatch {
  private lastTick = Date.now();
  private distrustUntil = 0;
  private readonly timer = setInterval(() => this.tick(Date.now()), TICK_MS).unref();

  /** True for 5 s after a suspension of more than 1 s. */
  wasSuspended(now = Date.now()): boolean {
    this.tick(now);
    return now < this.distrustUntil;
  }

  close(): void {
    clearInterval(this.timer);
  }

  private tick(now: number): void {
    if (now - this.lastTick > SUSPENDED_MS) this.distrustUntil = now + DISTRUST_MS;
    this.lastTick = now;
  }
}
