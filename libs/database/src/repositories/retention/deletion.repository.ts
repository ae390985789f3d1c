import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { BatchState } from '#libs/contracts';
import { recordAction } from '../commands/operator-action.js';
import { removeRuns } from './remove-runs.js';

/** Result of a deletion. */
export type Deletion =
  | { readonly result: 'deleted'; readonly name: string; readonly runs: number }
  | { readonly result: 'running' }
  | { readonly result: 'unknown-batch' };

/** Number of runs that are deleted with their batch; the remaining runs of a larger batch follow. */
const RUNS_AT_ONCE = 500;
/** The tables that belong to a batch, except runs. */
const OF_BATCH = [
  'batch_stage_counts',
  'batch_mark_counts',
  'batch_run_counts',
  'error_groups',
  'batch_blocks',
  'batch_retention',
  'batch_samples',
  'batch_holds',
];

/** Deletes batches. */
@Injectable()
export class DeletionRepository {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Deletes a batch that is not running. The remaining runs of a large batch (`RunSweepRepository`) and the documents
   * that no other batch uses (`DocumentSweepRepository`) are deleted later, in portions.
   */
  delete(id: number, actor: string): Promise<Deletion> {
    return this.dataSource.transaction(async (manager) => {
      // Runs are locked before their batch, as everywhere: an earlier retry makes the batch run, a later one finds no
      // runs.
      await manager.query('select 1 from runs where batch_id = $1 order by id for update', [id]);
      const [batch] = await manager.query<{ name: string; state: BatchState }[]>(
        'select name, state from batches where id = $1 for update',
        [id],
      );
      if (!batch) return { result: 'unknown-batch' };
      if (batch.state === 'running') return { result: 'running' };
      const [{ runs }] = await manager.query<[{ runs: number }]>(
        'select coalesce(sum(count), 0)::int as runs from batch_run_counts where batch_id = $1',
        [id],
      );
      for (const table of OF_BATCH) await manager.query(`delete from ${table} where batch_id = $1`, [id]);
      await manager.query('delete from batches where id = $1', [id]);
      await manager.query('insert into deleted_batches (batch_id) values ($1)', [id]);
      await removeRuns(manager, id, RUNS_AT_ONCE);
      const command = { actor, verb: 'delete-batch', request: { batch: id } } as const;
      await recordAction(manager, command, { name: batch.name, runs }, [id]);
      return { result: 'deleted', name: batch.name, runs };
    });
  }
}
