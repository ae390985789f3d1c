import type { StageEvent } from '#libs/contracts';

/** How much the newest call counts in the mean. */
const NEWEST = 0.05;

/** How long each app works on a file by now, in milliseconds: a moving mean of what was recorded since this process leads. */
export class AppDurations {
  private readonly means = new Map<string, number>();

  /** Takes in what was recorded. */
  observe(events: readonly StageEvent[]): void {
    for (const { kind, app, times } of events) {
      if (kind !== 'done' || times.settled === undefined) continue;
      const duration = Math.max(1, times.settled - times.started);
      const mean = this.means.get(app) ?? duration;
      this.means.set(app, mean + (duration - mean) * NEWEST);
    }
  }

  /** By app; nothing of one that has done nothing yet. */
  all(): ReadonlyMap<string, number> {
    return this.means;
  }
}
