import type { EntityManager } from 'typeorm';
import { isOtherBatch, type RunState } from '#libs/contracts';
import { ContradictionError } from './unrecordable.js';
import { groupBy } from '../state/counters.js';
import { type RunRow, runTransition, type RunUpdate } from './transition.js';
import type { StageChange } from '../state/stage-change.js';

interface LockedRun {
  readonly id: string;
  readonly batch_id: number;
  readonly batch_key: string;
  readonly row: number;
  readonly state: RunState;
  readonly generation: number;
  readonly root: string;
  readonly next_index: number;
  readonly attempt: number;
  readonly stages: number;
  readonly cancelled_generation: number;
  readonly own_cancelled_generation: number;
  readonly has_deferred: boolean;
}

const READ_RUNS = `
  select r.id, r.batch_id, b.batch_key, r.row, r.state, r.generation, r.root, r.next_index, r.attempt, b.cancelled_generation,
    r.cancelled_generation as own_cancelled_generation,
    exists (select 1 from deferred_events d where d.run_id = r.id) as has_deferred, (
    select count(*)::int from pipeline_stages s where s.version_id = b.pipeline_version_id
  ) as stages
  from runs r join batches b on b.id = r.batch_id where r.id = any($1)`;

/** How the recorder locks runs. */
export interface RunLocks {
  /** Leaves out runs that another transaction holds, instead of waiting for them. */
  readonly skipLocked: boolean;
  /** Leaves out runs with deferred events: newer events must follow those. */
  readonly afterDeferred: boolean;
}

/** Locked runs by id, and the ids of those that were left out. */
export interface LockedRuns {
  readonly runs: Map<number, RunRow>;
  readonly leftOut: ReadonlySet<number>;
}

/**
 * Locks the runs of changes until the transaction ends. Throws ContradictionError for a change that contradicts its
 * run, because counting it would corrupt the counters permanently.
 */
export async function lockRuns(
  manager: EntityManager,
  changes: readonly StageChange[],
  { skipLocked, afterDeferred }: RunLocks,
): Promise<LockedRuns> {
  const ids = [...new Set(changes.map(({ run }) => run))];
  const isNext = afterDeferred ? 'not exists (select 1 from deferred_events d where d.run_id = runs.id)' : 'true';
  const free = await manager.query<{ id: string }[]>(
    `select id from runs where id = any($1) and ${isNext} order by id for update ${skipLocked ? 'skip locked' : ''}`,
    [ids],
  );
  // Read after the lock, because the previous holder may have cancelled the batch.
  const rows = await manager.query<LockedRun[]>(READ_RUNS, [ids]);
  const known = new Map(rows.map((row) => [Number(row.id), row]));
  for (const change of changes) {
    const contradiction = contradictionOf(change, known.get(change.run));
    if (contradiction !== null) throw new ContradictionError(contradiction);
  }
  const locked = new Set(free.map(({ id }) => id));
  const isLeftOut = ({ id, has_deferred: hasDeferred }: LockedRun) => !locked.has(id) || (afterDeferred && hasDeferred);
  return {
    runs: new Map(rows.filter((row) => !isLeftOut(row)).map((row) => [Number(row.id), runRow(row)])),
    leftOut: new Set(rows.filter(isLeftOut).map(({ id }) => Number(id))),
  };
}

/** The stage that a change or an event is about. */
export type ReportedStage = Pick<StageChange, 'batch' | 'batchKey' | 'run' | 'row' | 'index' | 'stages'>;

/** For each reported stage why it contradicts what Postgres holds of its run; null when it does not. Locks nothing. */
export async function contradictions(
  manager: EntityManager,
  reported: readonly ReportedStage[],
): Promise<(string | null)[]> {
  const rows = await manager.query<LockedRun[]>(READ_RUNS, [[...new Set(reported.map(({ run }) => run))]]);
  const known = new Map(rows.map((row) => [Number(row.id), row]));
  return reported.map((stage) => contradictionOf(stage, known.get(stage.run)));
}

function contradictionOf(
  { batch, batchKey, run, row, index, stages }: ReportedStage,
  known: LockedRun | undefined,
): string | null {
  if (known?.batch_id !== batch || known.row !== row) return `There is no run ${run} at row ${row} of batch ${batch}.`;
  if (isOtherBatch({ batchKey }, { batchKey: known.batch_key }))
    return `The event belongs to an earlier batch ${batch}, which the database has lost.`;
  if (known.stages !== stages || index >= stages)
    return `Batch ${batch} has ${known.stages} stages; the event is of stage ${index} (from 0) of ${stages}.`;
  return null;
}

const runRow = (row: LockedRun): RunRow => ({
  id: Number(row.id),
  batch: row.batch_id,
  state: row.state,
  generation: row.generation,
  root: row.root,
  nextIndex: row.next_index,
  attempt: row.attempt,
  cancelledGeneration: row.cancelled_generation,
  ownCancelledGeneration: row.own_cancelled_generation,
});

/** Writes the new states of locked runs after changes to their stages. */
export async function updateRuns(
  manager: EntityManager,
  runs: ReadonlyMap<number, RunRow>,
  applied: readonly StageChange[],
): Promise<RunUpdate[]> {
  const changesByRun = groupBy(applied, ({ run }) => run);
  const updates = [...changesByRun].flatMap(([id, changes]) => runTransition(runs.get(id)!, changes) ?? []);
  if (updates.length === 0) return [];
  await manager.query(
    `update runs r set state = u.state, generation = u.generation, root = u.root, next_index = u.next_index,
       sentence = u.sentence, attempt = u.attempt, not_before = coalesce(u.not_before, '-infinity'),
       finished_at = case when u.state in ('running', 'waiting') then null else now() end
     from unnest($1::bigint[], $2::text[], $3::int[], $4::bigint[], $5::int[], $6::text[], $7::int[], $8::timestamptz[])
       as u(id, state, generation, root, next_index, sentence, attempt, not_before)
     where r.id = u.id`,
    [
      updates.map(({ id }) => id),
      updates.map(({ to }) => to),
      updates.map(({ generation }) => generation),
      updates.map(({ root }) => root),
      updates.map(({ nextIndex }) => nextIndex),
      updates.map(({ sentence }) => sentence),
      updates.map(({ attempt }) => attempt),
      updates.map(({ notBefore }) => (notBefore === null ? null : new Date(notBefore))),
    ],
  );
  return updates;
}
