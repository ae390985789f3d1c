import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { BatchState, StageState } from '#libs/contracts';
import { raiseVersion } from '../batch-versions.js';
import { addRunCounts, addStageCounts, Tally } from '../counters.js';
import { LeaderEpoch } from '../leader-epoch.js';
import { AS_INSERTED, keepPast } from '../past-stages.js';
import type { BatchChange } from '../stage-change.js';
import { type OperatorCommand, recordAction } from './operator-action.js';
import { toldCells } from './told-cells.js';

/** What became of a cancellation, or would become. */
export interface Cancellation {
  readonly state: BatchState;
  /** Runs that waited and are cancelled. */
  readonly waiting: number;
  /** Runs under way, which their workers and the sweep cancel. */
  readonly running: number;
  /** The batch was cancelled before, and nothing has begun since. */
  readonly isRepeated: boolean;
  /** Null: nothing was changed. */
  readonly change: BatchChange | null;
}

interface BatchRow {
  readonly state: BatchState;
  readonly cancelledGeneration: number;
}

interface OpenRuns {
  readonly waiting: number;
  readonly running: number;
  /** The newest generation of any run of the batch. */
  readonly newest: number;
  /** Runs that the last cancellation did not mean. */
  readonly fresh: number;
}

/** Ends batches. */
@Injectable()
export class CancelRepository {
  constructor(
    private readonly dataSource: DataSource,
    private readonly epoch: LeaderEpoch,
  ) {}

  /**
   * Cancels what waits in a running batch, and marks every generation that is under way as cancelled; null when there
   * is no such batch.
   */
  cancel(batch: number, command: OperatorCommand, { dryRun }: { dryRun: boolean }): Promise<Cancellation | null> {
    return this.dataSource.transaction(async (manager) => {
      await this.epoch.check(manager);
      const [known] = await manager.query<BatchRow[]>(
        'select state, cancelled_generation as "cancelledGeneration" from batches where id = $1',
        [batch],
      );
      if (!known) return null;
      const { state } = known;
      if (state !== 'running') return { state, waiting: 0, running: 0, isRepeated: false, change: null };
      const open = await lockOpen(manager, batch, known.cancelledGeneration);
      const { waiting, running } = open;
      const outcome = { state, waiting, running, isRepeated: open.fresh === 0 };
      if (dryRun || outcome.isRepeated) return { ...outcome, change: null };
      const cells = await cancelWaiting(manager, batch, { newest: open.newest, actor: command.actor });
      await manager.query(
        `update batches set cancelled_generation = $2, paused_at = null, paused_by = null, trial_files = null
         where id = $1`,
        [batch, open.newest],
      );
      const change = await raiseVersion(manager, batch, cells);
      await recordAction(manager, command, { waiting, running });
      return { ...outcome, change };
    });
  }
}

/** Runs of the batch that wait or are under way, locked: none of them begins a new generation until the end. */
async function lockOpen(manager: EntityManager, batch: number, cancelledGeneration: number): Promise<OpenRuns> {
  await manager.query(
    "select 1 from runs where batch_id = $1 and state in ('waiting', 'running') order by id for update",
    [batch],
  );
  const [open] = await manager.query<[OpenRuns]>(
    `select count(*) filter (where state = 'waiting')::int as waiting,
       count(*) filter (where state = 'running')::int as running, max(generation) as newest,
       count(*) filter (where state = 'waiting' or state = 'running' and generation > $2)::int as fresh
     from runs where batch_id = $1`,
    [batch, cancelledGeneration],
  );
  return open;
}

/**
 * A try that was given up may still report something of the waiting run's generation: the cancelled one is newer.
 * Waiting stages have neither a mark nor a place in an error group.
 */
const STAGES = `
  with waiting as (
    select id, row, next_index from runs where batch_id = $1 and state = 'waiting'
  ), old as (
    select s.* from stage_runs s join waiting w on w.id = s.run_id and w.next_index = s.index
  ), kept as (${keepPast('old')}), cancelled as (
    insert into stage_runs (run_id, index, state, outcome, sentence, generation, root, delivery, rank, settled_at)
    select id, next_index, 'cancelled', 'cancelled', $3::text, $2::int, 0, 0, 2, now() from waiting order by id
    on conflict (run_id, index) do update set
      state = excluded.state, generation = excluded.generation, queued_at = null, ${AS_INSERTED}
  )
  select w.row, w.next_index as index, coalesce(old.state, 'waiting') as state
  from waiting w left join old on old.run_id = w.id order by w.row`;

const RUNS = `
  update runs set state = 'cancelled', generation = $2, root = 0, attempt = 0, not_before = '-infinity',
    sentence = $3, finished_at = now()
  where batch_id = $1 and state = 'waiting'`;

async function cancelWaiting(
  manager: EntityManager,
  batch: number,
  { newest, actor }: { readonly newest: number; readonly actor: string },
) {
  const parameters = [batch, newest + 1, `Batch ${batch} was cancelled by ${actor}.`];
  const before = await manager.query<{ row: number; index: number; state: StageState }[]>(STAGES, parameters);
  await manager.query(RUNS, parameters);
  const stages = new Tally();
  for (const { index, state } of before) {
    stages.add([batch, index, state], -1);
    stages.add([batch, index, 'cancelled'], 1);
  }
  const runs = new Tally();
  runs.add([batch, 'waiting'], -before.length);
  runs.add([batch, 'cancelled'], before.length);
  await addStageCounts(manager, stages);
  await addRunCounts(manager, runs);
  return toldCells(before, ({ row, index }) => [{ row, index, state: 'cancelled' as const }]);
}
