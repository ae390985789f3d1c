import type { EntityManager } from 'typeorm';
import type { StageState } from '#libs/contracts';
import { addRunCounts, addStageCounts, Tally } from '../state/counters.js';
import { GroupTally, leaveErrorGroups } from '../recorder/error-groups.js';
import { AS_INSERTED, storePast } from '../state/past-stages.js';
import { runStatesBefore, stageStatesBefore } from '../state/transition-conditions.js';
import { changedCells } from '../grid/changed-cells.js';

/** Locked runs of a batch. */
export interface CancelledRuns {
  readonly batch: number;
  readonly runs: readonly (number | string)[];
}

/**
 * The new generation is newer than anything that a worker may still report of the waiting run. Marks do not change,
 * because waiting stages have none.
 */
const STAGES = `
  with waiting as (
    select r.id, r.row, r.next_index from runs r left join stage_runs s on s.run_id = r.id and s.index = r.next_index
    where r.id = any($1::bigint[]) and r.state in ${runStatesBefore('cancel', 'cancelled')}
      and coalesce(s.state, 'waiting') in ${stageStatesBefore('cancel', 'cancelled')}
  ), old as (
    select s.* from stage_runs s join waiting w on w.id = s.run_id and w.next_index = s.index
  ), kept as (${storePast('old')}), cancelled as (
    insert into stage_runs (run_id, index, state, outcome, sentence, generation, root, delivery, rank, settled_at)
    select id, next_index, 'cancelled', 'cancelled', $3::text, $2::int, 0, 0, 2, now() from waiting order by id
    on conflict (run_id, index) do update set
      state = excluded.state, generation = excluded.generation, queued_at = null, ${AS_INSERTED}
  )
  select w.id, w.row, w.next_index as index, coalesce(old.state, 'waiting') as state, old.fingerprint
  from waiting w left join old on old.run_id = w.id order by w.row`;

const RUNS = `
  update runs set state = 'cancelled', generation = $2, root = 0, attempt = 0, not_before = '-infinity',
    sentence = $3, finished_at = now()
  where id = any($1::bigint[])`;

interface WaitingRun {
  readonly id: string;
  readonly row: number;
  readonly index: number;
  readonly state: StageState;
  readonly fingerprint: string | null;
}

/** Cancels those of the runs that wait, as a generation newer than theirs; returns how many, and the changed cells. */
export async function cancelWaiting(
  manager: EntityManager,
  { batch, runs }: CancelledRuns,
  { generation, sentence }: { readonly generation: number; readonly sentence: string },
) {
  const before = await manager.query<WaitingRun[]>(STAGES, [runs, generation, sentence]);
  await manager.query(RUNS, [before.map((run) => run.id), generation, sentence]);
  const stages = new Tally();
  const errors = new GroupTally();
  for (const { index, state, fingerprint } of before) {
    if (fingerprint !== null) errors.add(state, [batch, index, fingerprint], -1);
    stages.add([batch, index, state], -1);
    stages.add([batch, index, 'cancelled'], 1);
  }
  const totals = new Tally();
  totals.add([batch, 'waiting'], -before.length);
  totals.add([batch, 'cancelled'], before.length);
  await addStageCounts(manager, stages);
  await addRunCounts(manager, totals);
  await leaveErrorGroups(manager, errors);
  const cells = changedCells(before, ({ row, index }) => [{ row, index, state: 'cancelled' as const }]);
  return { cancelled: before.length, cells };
}
