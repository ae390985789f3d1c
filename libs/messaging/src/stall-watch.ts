const TICK_MS = 250;
const STALL_MS = 1000;
const SUSPICION_MS = 5000;

/**
 * Notices that this process stood still (SIGSTOP, a suspended laptop): messages read afterwards may have been
 * handed to another worker in the meantime, although the broker's answer looks fresh.
 */
export class StallWatch {
  private lastTick = Date.now();
  private suspectUntil = 0;
  private readonly timer = setInterval(() => this.tick(Date.now()), TICK_MS).unref();

  /** True for some seconds after a standstill of more than a second, and during one. */
  stalled(now = Date.now()): boolean {
    this.tick(now);
    return now < this.suspectUntil;
  }

  close(): void {
    clearInterval(this.timer);
  }

  private tick(now: number): void {
    if (now - this.lastTick > STALL_MS) this.suspectUntil = now + SUSPICION_MS;
    this.lastTick = now;
  }
}
