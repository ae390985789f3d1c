import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Lineage } from '#libs/contracts';
import { LeaderEpoch } from '../../leader/leader-epoch.js';
import { type LostStage, returnToWaiting } from './return-to-waiting.js';
import type { BatchChange } from '../state/stage-change.js';

/** A stage that is in progress according to Postgres. */
export interface UnsettledStage {
  readonly batch: number;
  readonly batchKey: string;
  readonly run: number;
  readonly row: number;
  readonly guid: string;
  readonly index: number;
  /** Number of stages on the run's route. */
  readonly stages: number;
  readonly app: string;
  /** App of the next stage; null after the last stage. */
  readonly nextApp: string | null;
  readonly generation: number;
  /** Root of the newest recorded lineage, in nanoseconds since 1970, as a decimal string; 0: none was recorded. */
  readonly root: string;
  /** What the recorder compares a settlement of this stage with: the lineage of the run, or of a passed stage's row. */
  readonly recordedLineage: Lineage;
  /** Milliseconds since 1970. */
  readonly queuedAt: number;
  /** False when the run is further along although this stage was never recorded as settled. */
  readonly isCurrent: boolean;
  /** Its app or its batch is paused. */
  readonly paused: boolean;
  /** The batch or the run was cancelled after this generation began. */
  readonly cancelled: boolean;
}

/** Limit of stages without a settlement that one sweep reads per batch and stage. */
const MAX_HOLES = 500;

const STAGE = `
  select r.batch_id as batch, b.batch_key as "batchKey", r.id as run, r.row, m.guid, p.index, a.slug as app, next_app.slug as "nextApp",
    (select count(*)::int from pipeline_stages s where s.version_id = b.pipeline_version_id) as stages,
    r.generation, r.root, s.generation as "stageGeneration", s.root as "stageRoot",
    coalesce(s.queued_at, r.admitted_at) as "queuedAt", r.next_index = p.index as "isCurrent",
    (b.paused_at is not null or a.paused_at is not null) as paused, r.generation <= greatest(b.cancelled_generation, r.cancelled_generation) as cancelled
  from runs r join batches b on b.id = r.batch_id join media_files m on m.id = r.media_file_id
    join pipeline_stages p on p.version_id = b.pipeline_version_id join apps a on a.id = p.app_id
    left join stage_runs s on s.run_id = r.id and s.index = p.index
    left join pipeline_stages next on next.version_id = p.version_id and next.index = p.index + 1
    left join apps next_app on next_app.id = next.app_id`;

/** Stages at which more stage runs are in progress than runs are: some runs are further along without a settlement. */
const HOLES = `
  with in_progress as (
    select batch_id, index, sum(count) as count from batch_stage_counts
    where state in ('queued', 'running') group by batch_id, index having sum(count) > 0
  ), positions as (
    select batch_id, next_index as index, count(*) as count from runs where state = 'running' group by 1, 2
  )
  select in_progress.batch_id as batch, in_progress.index from in_progress left join positions using (batch_id, index)
  where in_progress.count > coalesce(positions.count, 0)`;

/** Finds stages in progress and returns lost ones to `waiting`. */
@Injectable()
export class SweepRepository {
  constructor(
    private readonly dataSource: DataSource,
    private readonly epoch: LeaderEpoch,
  ) {}

  /** The current stages of running runs, and passed stages without a recorded settlement. */
  async unsettled(): Promise<UnsettledStage[]> {
    const current = await this.dataSource.query<StageRow[]>(
      `${STAGE} where r.state = 'running' and p.index = r.next_index order by r.id`,
    );
    const passed: StageRow[] = [];
    for (const { batch, index } of await this.dataSource.query<{ batch: number; index: number }[]>(HOLES)) {
      const rows = await this.dataSource.query<StageRow[]>(
        `${STAGE} where r.batch_id = $1 and p.index = $2 and r.next_index > $2 and s.state in ('queued', 'running')
           and r.state in ('running', 'waiting', 'done')
         order by r.id limit ${MAX_HOLES}`,
        [batch, index],
      );
      passed.push(...rows);
    }
    return [...current, ...passed].map(stageOf);
  }

  /**
   * Returns runs to `waiting` at lost stages; admission publishes them again as a new generation. Runs that have moved
   * or were cancelled do not change. A settlement of the lost attempt that arrives before the new publication is still
   * recorded.
   */
  returnToWaiting(lost: readonly LostStage[]): Promise<BatchChange[]> {
    return this.dataSource.transaction(async (manager) => {
      await this.epoch.check(manager);
      return returnToWaiting(manager, lost);
    });
  }
}

type StageRow = Omit<UnsettledStage, 'run' | 'queuedAt' | 'recordedLineage'> & {
  readonly run: string;
  readonly queuedAt: Date;
  readonly stageGeneration: number | null;
  readonly stageRoot: string | null;
};

function stageOf({ run, queuedAt, stageGeneration, stageRoot, ...row }: StageRow): UnsettledStage {
  const { generation, root, isCurrent } = row;
  const recordedLineage =
    isCurrent || stageGeneration === null || stageRoot === null
      ? { generation, root }
      : { generation: stageGeneration, root: stageRoot };
  return { ...row, run: Number(run), queuedAt: queuedAt.getTime(), recordedLineage };
}
