import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type BatchState, canChangeRun, type RunState } from '#libs/contracts';
import { raiseVersion } from '../state/batch-versions.js';
import { ALLOW_LONG_STATEMENTS } from '../../connection-limits.js';
import { LeaderEpoch } from '../../leader/leader-epoch.js';
import type { BatchChange } from '../state/stage-change.js';
import { cancelWaiting } from './cancel-waiting.js';
import { type OperatorCommand, recordAction } from '../commands/operator-action.js';

/** Result of cancelling a batch, or of its dry run. */
export interface Cancellation {
  readonly state: BatchState;
  /** Waiting runs, which are cancelled in slices. */
  readonly waiting: number;
  /** Running runs, which their workers or the sweep cancel. */
  readonly running: number;
  /** The batch was cancelled before, and no run has started since. */
  readonly isRepeated: boolean;
  /** Null: nothing was changed. */
  readonly change: BatchChange | null;
}

/** Result of one slice of a cancellation. */
export interface CancelledSlice {
  /** Number of runs; fewer than requested: no others wait that are not locked. */
  readonly cancelled: number;
  /** Null: nothing was changed. */
  readonly change: BatchChange | null;
}

/** Result of cancelling a run, or of its dry run. */
export interface RunCancellation {
  readonly guid: string;
  readonly batch: number;
  readonly batchState: BatchState;
  /** State before the command: a waiting run is cancelled immediately, a running run by its worker or the sweep. */
  readonly state: RunState;
  /** The run is already being cancelled, individually or with its batch. */
  readonly isRepeated: boolean;
  /** Null: nothing was changed. */
  readonly change: BatchChange | null;
}

type RunRow = Omit<RunCancellation, 'isRepeated' | 'change'> & {
  readonly generation: number;
  /** The newest cancelled generation of the run or of its batch. */
  readonly cancelledGeneration: number;
};

const RUN = `
  select m.guid, r.batch_id as batch, b.state as "batchState", r.state, r.generation,
    greatest(r.cancelled_generation, b.cancelled_generation) as "cancelledGeneration"
  from runs r join batches b on b.id = r.batch_id join media_files m on m.id = r.media_file_id where r.id = $1`;

interface BatchRow {
  readonly state: BatchState;
  readonly cancelledGeneration: number;
}

interface OpenRuns {
  readonly waiting: number;
  readonly running: number;
  /** The newest generation of any run of the batch. */
  readonly newest: number;
  /** Open runs that no previous cancellation covers. */
  readonly fresh: number;
}

/**
 * Locked, so that admissions in progress have claimed generations that are at most one newer than the newest: they end
 * by changing the batch.
 */
const BATCH = `
  select state, cancelled_generation as "cancelledGeneration" from batches where id = $1 for no key update`;

const OPEN = `
  select count(*) filter (where state = 'waiting')::int as waiting,
    count(*) filter (where state = 'running')::int as running, coalesce(max(generation), 0) as newest,
    count(*) filter (
      where state = 'waiting' and generation >= $2 or state = 'running' and generation > $2
    )::int as fresh
  from runs where batch_id = $1`;

const MARK = `
  update batches set cancelled_generation = $2, cancelling_by = $3, paused_at = null, paused_by = null,
    trial_files = null
  where id = $1`;

const SLICE = `
  select id from runs where batch_id = $1 and state = 'waiting' and generation < $2
  order by row limit $3 for update skip locked`;

/** The generation is compared again, because another cancellation may have begun. */
const END = `
  update batches set cancelling_by = null
  where id = $1 and cancelled_generation = $2 and not exists (
    select 1 from runs where batch_id = $1
      and (state = 'waiting' and generation < $2 or state = 'running' and generation <= $2)
  )`;

/** Cancels batches and single runs. */
@Injectable()
export class CancelRepository {
  constructor(
    private readonly dataSource: DataSource,
    private readonly epoch: LeaderEpoch,
  ) {}

  /**
   * Marks all generations of a running batch as cancelled: nothing of it is admitted any more, and workers stop its runs
   * in progress. `cancelSlice` cancels its waiting runs. Null when there is no such batch.
   */
  cancel(batch: number, command: OperatorCommand, { dryRun }: { dryRun: boolean }): Promise<Cancellation | null> {
    return this.dataSource.transaction(async (manager) => {
      await this.epoch.check(manager);
      await manager.query(ALLOW_LONG_STATEMENTS);
      const [known] = await manager.query<BatchRow[]>(BATCH, [batch]);
      if (!known) return null;
      const { state } = known;
      if (state !== 'running') return { state, waiting: 0, running: 0, isRepeated: false, change: null };
      const [open] = await manager.query<[OpenRuns]>(OPEN, [batch, known.cancelledGeneration]);
      const { waiting, running } = open;
      const outcome = { state, waiting, running, isRepeated: open.fresh === 0 };
      if (dryRun || outcome.isRepeated) return { ...outcome, change: null };
      await manager.query(MARK, [batch, Math.max(open.newest, known.cancelledGeneration) + 1, command.actor]);
      const change = await raiseVersion(manager, batch, []);
      await recordAction(manager, command, { waiting, running }, [batch]);
      return { ...outcome, change };
    });
  }

  /** Batches whose cancellation is in progress. */
  async cancelling(): Promise<number[]> {
    const rows = await this.dataSource.query<{ id: number }[]>(
      'select id from batches where cancelling_by is not null order by id',
    );
    return rows.map(({ id }) => id);
  }

  /**
   * Cancels at most `limit` waiting runs of a cancelled batch in one short transaction. Locked runs are left for a later
   * slice. The cancellation ends when none of the runs that it covers is open: until then the recorder may return a run
   * in progress to waiting.
   */
  cancelSlice(batch: number, limit: number): Promise<CancelledSlice> {
    return this.dataSource.transaction(async (manager) => {
      await this.epoch.check(manager);
      const [row] = await manager.query<{ by: string; generation: number }[]>(
        `select cancelling_by as by, cancelled_generation as generation from batches
         where id = $1 and cancelling_by is not null`,
        [batch],
      );
      if (!row) return { cancelled: 0, change: null };
      const runs = (await manager.query<{ id: string }[]>(SLICE, [batch, row.generation, limit])).map(({ id }) => id);
      if (runs.length === 0) {
        await manager.query(END, [batch, row.generation]);
        return { cancelled: 0, change: null };
      }
      const sentence = `Batch ${batch} was cancelled by ${row.by}.`;
      const { cancelled, cells } = await cancelWaiting(
        manager,
        { batch, runs },
        { generation: row.generation + 1, sentence },
      );
      return { cancelled, change: await raiseVersion(manager, batch, cells) };
    });
  }

  /**
   * Cancels a waiting run immediately and marks the generation of a running run as cancelled; null when there is no
   * such run.
   */
  cancelRun(run: number, command: OperatorCommand, { dryRun }: { dryRun: boolean }): Promise<RunCancellation | null> {
    return this.dataSource.transaction(async (manager) => {
      await this.epoch.check(manager);
      await manager.query('select 1 from runs where id = $1 for update', [run]);
      // Read after the lock, because the previous holder may have cancelled the batch.
      const [row] = await manager.query<RunRow[]>(RUN, [run]);
      if (!row) return null;
      const { generation, cancelledGeneration, ...known } = row;
      const { batch, batchState, state } = known;
      const isRepeated = state === 'running' && generation <= cancelledGeneration;
      const isOpen = batchState !== 'draft' && (state === 'waiting' || state === 'running');
      if (dryRun || isRepeated || !isOpen) return { ...known, isRepeated, change: null };
      // Also for a waiting run, because a message of an earlier attempt may still be delivered.
      await manager.query('update runs set cancelled_generation = generation where id = $1', [run]);
      const sentence = `Run ${run} was cancelled by ${command.actor}.`;
      const { cells } = canChangeRun('cancel', state, 'cancelled')
        ? await cancelWaiting(manager, { batch, runs: [run] }, { generation: generation + 1, sentence })
        : { cells: [] };
      const change = await raiseVersion(manager, batch, cells);
      await recordAction(manager, command, { batch, state }, [batch]);
      return { ...known, isRepeated, change };
    });
  }
}
