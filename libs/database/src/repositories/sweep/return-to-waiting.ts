import type { EntityManager } from 'typeorm';
import type { RunState, StageState } from '#libs/contracts';
import { raiseVersions } from '../state/batch-versions.js';
import { addRunCounts, addStageCounts, Tally } from '../state/counters.js';
import { notStartedAfter } from '../state/past-stages.js';
import { runStatesBefore, stageStatesBefore } from '../state/transition-conditions.js';
import type { BatchChange } from '../state/stage-change.js';

/** The attempt of a stage whose message is lost. */
export interface LostStage {
  readonly run: number;
  readonly index: number;
  readonly generation: number;
  /** Its message or its settlement was lost with a stream, so the call in progress does not count; default: false. */
  readonly streamLost?: boolean;
}

interface LostRow {
  readonly run: string;
  readonly batch: number;
  readonly row: number;
  readonly index: number;
  readonly state: RunState;
  readonly stageState: StageState;
  readonly streamLost: boolean;
}

/** For a run that has lost several stages, the first. */
const LOST = `
  select distinct on (r.id) r.id as run, r.batch_id as batch, r.row, lost.index, r.state, coalesce(s.state, 'waiting') as "stageState",
    lost.stream_lost as "streamLost"
  from unnest($1::bigint[], $2::int[], $3::int[], $4::boolean[]) as lost(run, index, generation, stream_lost)
    join runs r on r.id = lost.run and r.generation = lost.generation
    join batches b on b.id = r.batch_id and b.cancelled_generation < r.generation
      and r.cancelled_generation < r.generation
    left join stage_runs s on s.run_id = r.id and s.index = lost.index
  where coalesce(s.state, 'waiting') in ${stageStatesBefore('return-to-waiting', 'waiting')}
    and r.state in ${runStatesBefore('return-to-waiting', 'waiting')}
    and (r.state = 'running' or r.next_index > lost.index)
    and r.next_index >= lost.index
  order by r.id, lost.index`;

/**
 * Calls of the lost attempts count on, so that a file which is called again and again comes to an end. A call that a lost
 * stream has cut off says nothing about the file.
 */
const CALLS = `
  case when s.settled_at is not null then 0
    when lost.stream_lost and s.state = 'running' then greatest(s.calls - 1, 0)
    else coalesce(s.calls, 0) end`;

/**
 * Returns runs to `waiting` at lost stages, unless they have moved or were cancelled; see `SweepRepository.returnToWaiting`.
 */
export async function returnToWaiting(manager: EntityManager, lost: readonly LostStage[]): Promise<BatchChange[]> {
  const wanted = lost.map(({ run }) => run);
  // Locks the runs before it reads them, so that they cannot change meanwhile.
  await manager.query('select 1 from runs where id = any($1::bigint[]) order by id for update', [wanted]);
  const rows = await manager.query<LostRow[]>(LOST, [
    wanted,
    lost.map(({ index }) => index),
    lost.map(({ generation }) => generation),
    lost.map(({ streamLost }) => streamLost ?? false),
  ]);
  const ids = rows.map(({ run }) => run);
  const indexes = rows.map(({ index }) => index);
  // Root 0 is older than any root, so reports of the lost attempt still count until the new attempt is published.
  await manager.query(
    `update runs r set state = 'waiting', next_index = lost.index, root = 0, sentence = null, finished_at = null,
       not_before = '-infinity', attempt = case when r.next_index = lost.index then r.attempt else 0 end
     from unnest($1::bigint[], $2::int[]) as lost(run, index) where r.id = lost.run`,
    [ids, indexes],
  );
  await manager.query(
    `insert into stage_runs (run_id, index, state, generation, root, delivery, rank, calls)
     select r.id, lost.index, 'waiting', r.generation, 0, 0, 0, ${CALLS}
     from unnest($1::bigint[], $2::int[], $3::boolean[]) as lost(run, index, stream_lost)
       join runs r on r.id = lost.run left join stage_runs s on s.run_id = r.id and s.index = lost.index
     on conflict (run_id, index) do update set
       state = excluded.state, generation = excluded.generation, queued_at = null,
       ${notStartedAfter('excluded.calls')}`,
    [ids, indexes, rows.map(({ streamLost }) => streamLost)],
  );
  const stages = new Tally();
  const runs = new Tally();
  for (const { batch, index, state, stageState } of rows) {
    stages.add([batch, index, stageState], -1);
    stages.add([batch, index, 'waiting'], 1);
    runs.add([batch, state], -1);
    runs.add([batch, 'waiting'], 1);
  }
  await addStageCounts(manager, stages);
  await addRunCounts(manager, runs);
  return raiseVersions(
    manager,
    rows.map(({ batch, row, index }) => ({ batch, row, index, state: 'waiting', mark: null })),
  );
}
