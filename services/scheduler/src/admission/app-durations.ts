import { Injectable } from '@nestjs/common';
import type { StageEvent } from '#libs/contracts';

/** Weight of the newest call in the mean. */
const NEWEST = 0.05;

/** How long each app takes for a file, in milliseconds: a moving mean of what this leader has recorded. */
@Injectable()
export class AppDurations {
  private readonly means = new Map<string, number>();

  /** Adds recorded events. */
  observe(events: readonly StageEvent[]): void {
    for (const { kind, app, times } of events) {
      if (kind !== 'done' || times.settled === undefined) continue;
      const duration = Math.max(1, times.settled - times.started);
      const mean = this.means.get(app) ?? duration;
      this.means.set(app, mean + (duration - mean) * NEWEST);
    }
  }

  /** By app slug; an app that has not finished a file yet is missing. */
  all(): ReadonlyMap<string, number> {
    return this.means;
  }
}
