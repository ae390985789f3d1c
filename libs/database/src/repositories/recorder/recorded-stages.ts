import type { EntityManager } from 'typeorm';
import type { StageMark, StageState } from '#libs/contracts';
import { storePast } from '../state/past-stages.js';
import { stageMayChange } from '../state/transition-conditions.js';
import type { StageChange } from '../state/stage-change.js';

/** A written change and what it replaced. */
export interface AppliedChange {
  readonly change: StageChange;
  readonly oldState: StageState;
  readonly oldFingerprint: string | null;
  readonly oldMark: StageMark | null;
  /** The first event of its lineage that is recorded. */
  readonly isNewLineage: boolean;
}

const time = (milliseconds: number | null) => (milliseconds === null ? null : new Date(milliseconds));

/** Columns of stage_runs with their type and value; the first two are the key. */
const COLUMNS: readonly (readonly [name: string, type: string, value: (change: StageChange) => unknown])[] = [
  ['run_id', 'bigint', (change) => change.run],
  ['index', 'int', (change) => change.index],
  ['state', 'text', (change) => change.state],
  ['outcome', 'text', (change) => change.outcome],
  ['sentence', 'text', (change) => change.sentence],
  ['fingerprint', 'text', (change) => change.fingerprint],
  ['trace', 'text', (change) => change.trace],
  ['http_status', 'int', (change) => change.httpStatus],
  ['generation', 'int', (change) => change.generation],
  ['root', 'bigint', (change) => change.root],
  ['delivery', 'int', (change) => change.delivery],
  ['rank', 'smallint', (change) => change.rank],
  ['calls', 'int', (change) => change.calls],
  ['worker', 'text', (change) => change.worker],
  ['queued_at', 'timestamptz', (change) => time(change.queuedAt)],
  ['started_at', 'timestamptz', (change) => time(change.startedAt)],
  ['settled_at', 'timestamptz', (change) => time(change.settledAt)],
  ['annotations', 'jsonb', (change) => JSON.stringify(change.annotations)],
  ['warnings', 'jsonb', (change) => JSON.stringify(change.warnings)],
  ['notices', 'jsonb', (change) => JSON.stringify(change.notices)],
  ['mark', 'text', (change) => change.mark],
  ['running_seconds', 'float8', (change) => change.runningSeconds],
  ['coverage', 'jsonb', (change) => change.coverage && JSON.stringify(change.coverage)],
  ['raw_replay', 'boolean', (change) => change.rawReplay],
  ['document', 'text', (change) => change.document],
  ['reused_from', 'bigint', () => null],
  ['app', 'text', (change) => (change.settledAt === null ? null : change.app)],
];
const NAMES = COLUMNS.map(([name]) => name).join(', ');

const UPSERT = `
  with incoming as (
    select * from unnest(${COLUMNS.map(([, type], position) => `$${position + 1}::${type}[]`).join(', ')})
      as t(${NAMES})
  ), old as (
    select s.* from stage_runs s join incoming using (run_id, index)
  ), written as (
    insert into stage_runs (${NAMES})
    select incoming.* from incoming left join old using (run_id, index)
    where old.run_id is not null or ${stageMayChange('newer-lineage', "'waiting'", 'incoming.state')}
    order by run_id, index
    on conflict (run_id, index) do update set
      ${COLUMNS.slice(2)
        .map(([name]) => `${name} = excluded.${name}`)
        .join(', ')}
    where (excluded.generation, excluded.root) > (stage_runs.generation, stage_runs.root)
        and ${stageMayChange('newer-lineage', 'stage_runs.state', 'excluded.state')}
      or (excluded.generation, excluded.root) = (stage_runs.generation, stage_runs.root)
        and (excluded.rank, excluded.delivery) > (stage_runs.rank, stage_runs.delivery)
        and ${stageMayChange('event', 'stage_runs.state', 'excluded.state')}
    returning run_id, index, generation, root
  ), kept as (
    ${storePast('written w join old using (run_id, index)', '(old.generation, old.root) <> (w.generation, w.root)')}
  )
  select w.run_id, w.index, old.state as old_state, old.fingerprint as old_fingerprint, old.mark as old_mark,
    (old.generation, old.root) is distinct from (w.generation, w.root) as is_new_lineage
  from written w left join old using (run_id, index)`;

/**
 * Writes changes, at most one per stage run; drops changes that are not newer than the row or not a legal transition.
 */
export async function upsertStages(manager: EntityManager, changes: readonly StageChange[]): Promise<AppliedChange[]> {
  const parameters = COLUMNS.map(([, , value]) => changes.map(value));
  const rows = await manager.query<
    {
      run_id: string;
      index: number;
      old_state: StageState | null;
      old_fingerprint: string | null;
      old_mark: StageMark | null;
      is_new_lineage: boolean;
    }[]
  >(UPSERT, parameters);
  const byKey = new Map(changes.map((change) => [`${change.run}/${change.index}`, change]));
  return rows.map((row) => ({
    change: byKey.get(`${row.run_id}/${row.index}`)!,
    oldState: row.old_state ?? 'waiting',
    oldFingerprint: row.old_fingerprint,
    oldMark: row.old_mark,
    isNewLineage: row.is_new_lineage,
  }));
}
