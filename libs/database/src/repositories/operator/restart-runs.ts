import type { EntityManager } from 'typeorm';
import type { RunState, StageMark, StageState } from '#libs/contracts';
import { raiseVersion } from '../state/batch-versions.js';
import { addMarkCounts, addRunCounts, addStageCounts, groupBy, Tally } from '../state/counters.js';
import { GroupTally, leaveErrorGroups } from '../recorder/error-groups.js';
import { storePast, NOT_STARTED } from '../state/past-stages.js';
import { stageStatesBefore } from '../state/transition-conditions.js';
import type { BatchChange } from '../state/stage-change.js';
import { changedCells } from '../grid/changed-cells.js';
import { raisePass } from '../admission/pass.js';

/** A locked run that has ended or waits, and the stage from which it runs again. */
export interface EndedRun {
  readonly run: number;
  readonly batch: number;
  readonly row: number;
  readonly state: RunState;
  readonly index: number;
  readonly stages: number;
}

/** Number of stage runs that are reset, by what they were. */
interface Replaced {
  readonly batch: number;
  readonly index: number;
  readonly state: StageState;
  readonly mark: StageMark | null;
  readonly fingerprint: string | null;
  readonly count: number;
}

/** Raises the generation; admission raises it again. Reports of earlier attempts are older than both. */
const RUNS = `
  update runs r set state = 'waiting', next_index = again.index, attempt = 0, not_before = '-infinity', root = 0,
    generation = greatest(r.generation, b.cancelled_generation) + 1, sentence = null, admitted_at = null,
    finished_at = null
  from unnest($1::bigint[], $2::int[]) as again(run, index), batches b
  where r.id = again.run and b.id = r.batch_id`;

const STAGES = `
  with old as (
    select s.*, r.batch_id, r.generation as new_generation
    from unnest($1::bigint[], $2::int[]) as again(run, index) join runs r on r.id = again.run
      join stage_runs s on s.run_id = again.run and s.index >= again.index
        and s.state in ${stageStatesBefore('replay', 'waiting')}
  ), kept as (${storePast('old')}), reset as (
    update stage_runs s set state = 'waiting', generation = old.new_generation, queued_at = null, ${NOT_STARTED}
    from old where s.run_id = old.run_id and s.index = old.index
  )
  select batch_id as batch, index, state, mark, case when state in ('failed', 'retrying') then fingerprint end as fingerprint,
    count(*)::int
  from old group by 1, 2, 3, 4, 5`;

/** Returns ended or waiting runs to `waiting` at a stage; the results of that stage and of later ones are kept as past attempts. */
export async function restartRuns(manager: EntityManager, runs: readonly EndedRun[]): Promise<BatchChange[]> {
  const parameters = [runs.map(({ run }) => run), runs.map(({ index }) => index)];
  await manager.query(RUNS, parameters);
  await count(manager, runs, await manager.query<Replaced[]>(STAGES, parameters));
  const changes: BatchChange[] = [];
  for (const [batch, ofBatch] of [...groupBy(runs, ({ batch }) => batch)].sort(([a], [b]) => a - b)) {
    await raisePass(manager, batch);
    changes.push(await raiseVersion(manager, batch, changedCells(ofBatch, waitingCells)));
  }
  return changes;
}

async function count(manager: EntityManager, again: readonly EndedRun[], replaced: readonly Replaced[]): Promise<void> {
  const stages = new Tally();
  const marks = new Tally();
  const errors = new GroupTally();
  for (const { batch, index, state, mark, fingerprint, count: times } of replaced) {
    stages.add([batch, index, state], -times);
    stages.add([batch, index, 'waiting'], times);
    if (mark !== null) marks.add([batch, index, mark], -times);
    if (fingerprint !== null) errors.add(state, [batch, index, fingerprint], -times);
  }
  const runs = new Tally();
  for (const { batch, state } of again) {
    runs.add([batch, state], -1);
    runs.add([batch, 'waiting'], 1);
  }
  await addStageCounts(manager, stages);
  await addMarkCounts(manager, marks);
  await addRunCounts(manager, runs);
  await leaveErrorGroups(manager, errors);
}

const waitingCells = ({ row, index, stages }: EndedRun) =>
  Array.from({ length: stages - index }, (_, offset) => ({ row, index: index + offset, state: 'waiting' as const }));
