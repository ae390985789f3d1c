import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { BatchState } from '#libs/contracts';
import { recordAction } from '../operator/operator-action.js';

/** What became of a deletion. */
export type Deletion =
  | { readonly result: 'deleted'; readonly name: string; readonly runs: number }
  | { readonly result: 'running' }
  | { readonly result: 'unknown-batch' };

/** Everything that belongs to the runs of a batch, before the runs. */
const OF_RUNS = ['stage_runs', 'past_stage_runs'];
/** Everything that belongs to a batch, its runs among it, before the batch. */
const OF_BATCH = [
  'runs',
  'batch_stage_counts',
  'batch_mark_counts',
  'batch_run_counts',
  'error_groups',
  'batch_retention',
  'batch_samples',
];

/** Deletes batches. */
@Injectable()
export class DeletionRepository {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Deletes a batch that does not run, with its runs, in one transaction. Its documents go afterwards, bit by bit, where
   * no other batch uses them: see `DocumentSweepRepository`.
   */
  delete(id: number, actor: string): Promise<Deletion> {
    return this.dataSource.transaction(async (manager) => {
      // Runs before their batch, as everybody locks: a retry that was first makes the batch run, one that comes later
      // finds nothing.
      await manager.query('select 1 from runs where batch_id = $1 order by id for update', [id]);
      const [batch] = await manager.query<{ name: string; state: BatchState }[]>(
        'select name, state from batches where id = $1 for update',
        [id],
      );
      if (!batch) return { result: 'unknown-batch' };
      if (batch.state === 'running') return { result: 'running' };
      for (const table of OF_RUNS) {
        await manager.query(`delete from ${table} t using runs r where r.batch_id = $1 and t.run_id = r.id`, [id]);
      }
      let runs = 0;
      for (const table of OF_BATCH) {
        const [, count] = await manager.query<[unknown[], number]>(`delete from ${table} where batch_id = $1`, [id]);
        if (table === 'runs') runs = count;
      }
      await manager.query('delete from batches where id = $1', [id]);
      await manager.query('update document_sweep set wanted = true');
      const command = { actor, verb: 'delete-batch', request: { batch: id } } as const;
      await recordAction(manager, command, { name: batch.name, runs });
      return { result: 'deleted', name: batch.name, runs };
    });
  }
}
