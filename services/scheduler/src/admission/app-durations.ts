import { Injectable } from '@nestjs/common';
import type { StageEvent } from '#libs/contracts';
import { AppDurationsRepository } from '#libs/database';

/** Weight of the newest call in the mean. */
const NEWEST = 0.05;

/** How long each app takes for a file, in milliseconds: a moving mean, kept in Postgres for the next leader. */
@Injectable()
export class AppDurations {
  private readonly means = new Map<string, number>();
  /** Apps whose mean has changed since it was stored. */
  private readonly changed = new Set<string>();

  constructor(private readonly repository: AppDurationsRepository) {}

  /** Reads what an earlier leader has stored; what was observed since the start takes precedence. */
  async load(): Promise<void> {
    for (const [app, mean] of await this.repository.all()) if (!this.means.has(app)) this.means.set(app, mean);
  }

  /** Stores what has changed. */
  async save(): Promise<void> {
    const apps = [...this.changed];
    if (apps.length === 0) return;
    await this.repository.store(new Map(apps.map((app) => [app, this.means.get(app)!])));
    for (const app of apps) this.changed.delete(app);
  }

  /** Adds recorded events. */
  observe(events: readonly StageEvent[]): void {
    for (const { kind, app, times } of events) {
      if (kind !== 'done' || times.settled === undefined) continue;
      const duration = Math.max(1, times.settled - times.started);
      const mean = this.means.get(app) ?? duration;
      this.means.set(app, mean + (duration - mean) * NEWEST);
      this.changed.add(app);
    }
  }

  /** By app slug; an app that has not finished a file yet is missing. */
  all(): ReadonlyMap<string, number> {
    return this.means;
  }
}
