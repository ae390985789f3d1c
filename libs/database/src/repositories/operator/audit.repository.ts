import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { BatchState, RunState, StageState } from '#libs/contracts';
import { raiseVersion } from '../state/batch-versions.js';
import { LeaderEpoch } from '../../leader/leader-epoch.js';
import type { BatchChange } from '../state/stage-change.js';
import { type OperatorCommand, recordAction } from '../commands/operator-action.js';
import { type Miscount, miscounts, writeRecount } from './recount.js';

/** A run that contradicts its stages. */
export interface InconsistentRun {
  readonly run: number;
  readonly guid: string;
  readonly state: RunState;
  /** The next stage, from 0; the number of stages when the run is done. */
  readonly nextIndex: number;
  readonly stages: number;
  /** First stage before `nextIndex` that is not done; null: all are done. */
  readonly undone: number | null;
  /** State of the stage at `nextIndex`; null when there is no such stage. */
  readonly stage: StageState | null;
}

/** Result of the recount of one batch. */
export interface BatchAudit {
  readonly batch: number;
  readonly state: BatchState;
  /** Runs that are waiting or running. */
  readonly open: number;
  /** The state of the batch contradicts its runs. */
  readonly isStateWrong: boolean;
  readonly miscounts: readonly Miscount[];
  /** The first of them. */
  readonly inconsistentRuns: readonly InconsistentRun[];
  /** Null: nothing was written. */
  readonly change: BatchChange | null;
}

/** Number of inconsistent runs that are listed per batch. */
const MAX_INCONSISTENT_RUNS = 20;

/** `offset 0` prevents flattening: otherwise Postgres would read the runs and stages of every batch. */
const INCONSISTENT_RUNS = `
  select * from (
    select r.id as run, m.guid, r.state, r.next_index as "nextIndex", route.stages,
      (
        select min(p.index) from pipeline_stages p left join stage_runs s on s.run_id = r.id and s.index = p.index
        where p.version_id = b.pipeline_version_id and p.index < r.next_index
          and coalesce(s.state, 'waiting') not in ('done', 'skipped')
      ) as undone,
      case when r.next_index < route.stages then coalesce(next.state, 'waiting') end as stage
    from batches b join (select * from runs where batch_id = $1 offset 0) r on true join media_files m on m.id = r.media_file_id
      cross join lateral (
        select count(*)::int as stages from pipeline_stages p where p.version_id = b.pipeline_version_id
      ) route
      left join lateral (
        select state from stage_runs where run_id = r.id and index = r.next_index offset 0
      ) next on true
    where b.id = $1
  ) found
  where undone is not null or not coalesce(case state
    when 'done' then "nextIndex" = stages
    when 'waiting' then stage in ('waiting', 'retrying')
    when 'running' then stage in ('waiting', 'queued', 'running')
    else stage = state
  end, false)
  order by run limit ${MAX_INCONSISTENT_RUNS}`;

/** Compares stored counters and states with the rows that they summarise. */
@Injectable()
export class AuditRepository {
  constructor(
    private readonly dataSource: DataSource,
    private readonly epoch: LeaderEpoch,
  ) {}

  /** IDs of all batches. */
  async batches(): Promise<number[]> {
    const rows = await this.dataSource.query<{ id: number }[]>('select id from batches order by id');
    return rows.map(({ id }) => id);
  }

  /** Recounts a batch in one snapshot; null when there is no such batch. */
  audit(batch: number): Promise<BatchAudit | null> {
    return this.dataSource.transaction('REPEATABLE READ', (manager) => recountBatch(manager, batch));
  }

  /** Recounts a batch with all its runs locked and corrects the differences; null when there is no such batch. */
  repair(batch: number, command: OperatorCommand): Promise<BatchAudit | null> {
    return this.dataSource.transaction(async (manager) => {
      await this.epoch.check(manager);
      // Every transaction that changes counters of a batch locks a run of it first.
      await manager.query('select 1 from runs where batch_id = $1 order by id for update', [batch]);
      const found = await recountBatch(manager, batch);
      if (!found || (found.miscounts.length === 0 && !found.isStateWrong)) return found;
      await writeRecount(manager, batch, found.miscounts);
      const change = await raiseVersion(manager, batch, null);
      await recordAction(manager, command, { batch, miscounts: found.miscounts.length }, [batch]);
      return { ...found, change };
    });
  }
}

async function recountBatch(manager: EntityManager, batch: number): Promise<BatchAudit | null> {
  const [known] = await manager.query<{ state: BatchState; open: number }[]>(
    `select b.state, (
       select count(*)::int from runs r where r.batch_id = b.id and r.state in ('waiting', 'running')
     ) as open
     from batches b where b.id = $1`,
    [batch],
  );
  if (!known) return null;
  const { state, open } = known;
  const isStateWrong = state !== 'draft' && (state === 'running') !== open > 0;
  const inconsistentRuns = await manager.query<(Omit<InconsistentRun, 'run'> & { run: string })[]>(INCONSISTENT_RUNS, [
    batch,
  ]);
  return {
    batch,
    state,
    open,
    isStateWrong,
    change: null,
    miscounts: await miscounts(manager, batch),
    inconsistentRuns: inconsistentRuns.map((found) => ({ ...found, run: Number(found.run) })),
  };
}
