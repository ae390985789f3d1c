import { Injectable } from '@nestjs/common';
import { type RunProgress, StageProgressRepository } from '#libs/database';
import { followProgress, NatsLink } from '#libs/messaging';

/**
 * Keeps the newest percentage of each run in Postgres, so that a page shows it at once and not only with the next report.
 * Workers report several times a second; only the newest report of each run is stored, in one statement for all runs.
 * After a kill, the next reports replace what was lost.
 */
@Injectable()
export class StoredProgress {
  private reported = new Map<number, RunProgress>();

  constructor(
    private readonly repository: StageProgressRepository,
    private readonly link: NatsLink,
  ) {}

  /** Notes all reports from now on. */
  follow(): void {
    followProgress(this.link.connection, ({ run, index, percent, estimated = false }) => {
      this.reported.set(run, { run, index, percent, estimated });
    });
  }

  /** Stores what was reported since the last call. Reports of a failed call are lost; others follow. */
  async save(): Promise<void> {
    if (this.reported.size === 0) return;
    const progress = [...this.reported.values()];
    this.reported = new Map();
    await this.repository.store(progress);
  }
}
