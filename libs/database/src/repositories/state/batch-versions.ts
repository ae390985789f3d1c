import type { EntityManager } from 'typeorm';
import type { CellChange, StageMark } from '#libs/contracts';
import { groupBy } from './counters.js';
import type { BatchChange, StageChange } from './stage-change.js';

/** A changed cell of a batch's grid. */
export type BatchCell = Pick<StageChange, 'batch' | 'row' | 'index' | 'state'> & { readonly mark: StageMark | null };

/**
 * Raises the versions of batches in the transaction that changes their cells; a batch is finished when none of its runs
 * is waiting or running. Call it last in a transaction, because batches are locked last.
 */
export async function raiseVersions(manager: EntityManager, cells: readonly BatchCell[]): Promise<BatchChange[]> {
  const byBatch = groupBy(cells, ({ batch }) => batch);
  if (byBatch.size === 0) return [];
  return (await raise(manager, [...byBatch.keys()])).map(({ batch, version }) =>
    changeTo(
      batch,
      version,
      byBatch.get(batch)!.map(({ row, index, state, mark }) => ({ row, index, state, mark: mark ?? undefined })),
    ),
  );
}

/** The same for one batch; `cells` null: too many cells have changed for a list. */
export async function raiseVersion(
  manager: EntityManager,
  batch: number,
  cells: readonly CellChange[] | null,
): Promise<BatchChange> {
  const [raised] = await raise(manager, [batch]);
  return changeTo(batch, raised!.version, cells);
}

/** Raises the version of every running batch whose route contains an app, because clients show the state of the app. */
export async function raiseVersionsThrough(manager: EntityManager, app: number): Promise<BatchChange[]> {
  const [rows] = await manager.query<[{ id: number; version: string }[], number]>(
    `update batches b set version = b.version + 1
     where b.state = 'running'
       and exists (select 1 from pipeline_stages s where s.version_id = b.pipeline_version_id and s.app_id = $1)
     returning b.id, b.version`,
    [app],
  );
  return rows.map(({ id, version }) => changeTo(id, Number(version), []));
}

async function raise(
  manager: EntityManager,
  batches: readonly number[],
): Promise<{ batch: number; version: number }[]> {
  const [rows] = await manager.query<[{ id: number; version: string }[], number]>(
    `update batches b set version = b.version + 1,
       state = case when b.state = 'draft' then 'draft' when open.count > 0 then 'running' else 'finished' end,
       finished_at = case when b.state = 'draft' or open.count > 0 then null else coalesce(b.finished_at, now()) end,
       archived_at = case when b.state = 'draft' or open.count = 0 then b.archived_at end
     from (
       select batch_id, sum(count) filter (where state in ('waiting', 'running')) as count
       from batch_run_counts where batch_id = any($1) group by batch_id
     ) open
     where b.id = open.batch_id returning b.id, b.version`,
    [batches],
  );
  return rows.map(({ id, version }) => ({ batch: id, version: Number(version) }));
}

const changeTo = (batch: number, to: number, cells: readonly CellChange[] | null): BatchChange => ({
  batch,
  from: to - 1,
  to,
  cells,
});
