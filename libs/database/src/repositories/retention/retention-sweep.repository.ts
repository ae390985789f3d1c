import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { raiseVersion } from '../state/batch-versions.js';
import { LeaderEpoch } from '../../leader/leader-epoch.js';
import type { BatchChange } from '../state/stage-change.js';
import { removeUnreferenced } from './unreferenced-documents.js';

/** Part of a finished batch whose documents are deleted. */
export interface RemovalStep {
  readonly batch: number;
  readonly keep: 'final' | 'none';
  /** Row after which the part starts; -1 at first. */
  readonly after: number;
  /** Number of runs in the part. */
  readonly runs: number;
}

/** Result of a step. */
export interface Removal {
  /** Row after which the next step starts; null: the batch is complete or running again. */
  readonly next: number | null;
  /** Number of deleted documents. */
  readonly removed: number;
  readonly change: BatchChange | null;
}

/** The newest document of a run is that of the stage before `next_index`; a failed run continues from it. */
const CURRENT = `
  with old as (
    select s.run_id, s.index, s.document from runs r join stage_runs s on s.run_id = r.id
    where r.id = any($1::bigint[]) and s.document is not null and ($2 = 'none' or s.index <> r.next_index - 1)
  ), freed as (
    update stage_runs s set document = null from old where s.run_id = old.run_id and s.index = old.index
  )
  select document from old`;

const PAST = `
  with old as (
    select run_id, index, generation, root, document from past_stage_runs
    where run_id = any($1::bigint[]) and document is not null
  ), freed as (
    update past_stage_runs p set document = null from old
    where (p.run_id, p.index, p.generation, p.root) = (old.run_id, old.index, old.generation, old.root)
  )
  select document from old`;

/** Deletes documents whose retention has expired. */
@Injectable()
export class RetentionSweepRepository {
  constructor(
    private readonly dataSource: DataSource,
    private readonly epoch: LeaderEpoch,
  ) {}

  /**
   * Removes the references of some runs of a batch and deletes the documents that no other run uses, in one
   * transaction. Runs are locked before the batch is read: a retry, which needs the same locks, finds all documents of
   * a run or none.
   */
  remove({ batch, keep, after, runs: limit }: RemovalStep): Promise<Removal> {
    return this.dataSource.transaction(async (manager) => {
      await this.epoch.check(manager);
      const runs = await manager.query<{ id: string; row: number }[]>(
        'select id, row from runs where batch_id = $1 and row > $2 order by row limit $3',
        [batch, after, limit],
      );
      const ids = runs.map(({ id }) => id);
      await manager.query('select 1 from runs where id = any($1::bigint[]) order by id for update', [ids]);
      const [finished] = await manager.query<unknown[]>(
        `select 1 from batches where id = $1 and state = 'finished' and finished_at is not null`,
        [batch],
      );
      if (!finished) return { next: null, removed: 0, change: null };
      const freed = await free(manager, ids, keep);
      await removeUnreferenced(manager, [...new Set(freed)]);
      const isLast = runs.length < limit;
      if (isLast) await note(manager, batch, keep);
      return {
        next: isLast ? null : runs.at(-1)!.row,
        removed: freed.length,
        change: freed.length > 0 ? await raiseVersion(manager, batch, []) : null,
      };
    });
  }
}

async function free(manager: EntityManager, runs: readonly string[], keep: RemovalStep['keep']): Promise<string[]> {
  const current = await manager.query<{ document: string }[]>(CURRENT, [runs, keep]);
  const past = await manager.query<{ document: string }[]>(PAST, [runs]);
  return [...current, ...past].map(({ document }) => document);
}

async function note(manager: EntityManager, batch: number, keep: RemovalStep['keep']): Promise<void> {
  await manager.query(
    `insert into batch_retention (batch_id, kept, finished_at) select id, $2, finished_at from batches where id = $1
     on conflict (batch_id) do update set kept = excluded.kept, finished_at = excluded.finished_at`,
    [batch, keep],
  );
}
