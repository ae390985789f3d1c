import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { LeaderEpoch } from '../../leader/leader-epoch.js';
import { removeRuns } from './remove-runs.js';

/** Deletes the remaining runs of deleted batches. */
@Injectable()
export class RunSweepRepository {
  constructor(
    private readonly dataSource: DataSource,
    private readonly epoch: LeaderEpoch,
  ) {}

  /** Deletes a portion of the runs of one batch in one transaction; returns the number, 0 when none is left. */
  sweep(limit: number): Promise<number> {
    return this.dataSource.transaction(async (manager) => {
      await this.epoch.check(manager);
      const [deleted] = await manager.query<{ id: number }[]>(
        'select batch_id as id from deleted_batches order by batch_id limit 1 for update',
      );
      return deleted ? removeRuns(manager, deleted.id, limit) : 0;
    });
  }
}
