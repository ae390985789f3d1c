import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { RunState, StageState } from '#libs/contracts';
import { raiseVersions } from './batch-versions.js';
import { addRunCounts, addStageCounts, Tally } from './counters.js';
import { LeaderEpoch } from './leader-epoch.js';
import { NOT_BEGUN } from './past-stages.js';
import type { BatchChange } from './stage-change.js';

/** A stage that Postgres says is under way. */
export interface UnsettledStage {
  readonly batch: number;
  readonly run: number;
  readonly row: number;
  readonly guid: string;
  readonly index: number;
  /** Number of stages on the run's route. */
  readonly stages: number;
  readonly app: string;
  /** App of the stage after it; null after the last. */
  readonly nextApp: string | null;
  readonly generation: number;
  /** Root of the newest lineage that was recorded, in nanoseconds since 1970, as a decimal string; 0: none was. */
  readonly root: string;
  /** Milliseconds since 1970. */
  readonly queuedAt: number;
  /** False when the run has gone on although this stage was never recorded as settled. */
  readonly isCurrent: boolean;
  /** Its app or its batch is paused. */
  readonly paused: boolean;
  /** The batch was cancelled after this generation began. */
  readonly cancelled: boolean;
}

/** Names the try of a stage that is to be begun anew. */
export type LostStage = Pick<UnsettledStage, 'run' | 'index' | 'generation'>;

/** Holes that one sweep looks at. */
const MAX_HOLES = 500;

const STAGE = `
  select r.batch_id as batch, r.id as run, r.row, m.guid, p.index, a.slug as app, next_app.slug as "nextApp",
    (select count(*)::int from pipeline_stages s where s.version_id = b.pipeline_version_id) as stages,
    r.generation, r.root, coalesce(s.queued_at, r.admitted_at) as "queuedAt", r.next_index = p.index as "isCurrent",
    (b.paused_at is not null or a.paused_at is not null) as paused, r.generation <= b.cancelled_generation as cancelled
  from runs r join batches b on b.id = r.batch_id join media_files m on m.id = r.media_file_id
    join pipeline_stages p on p.version_id = b.pipeline_version_id join apps a on a.id = p.app_id
    left join stage_runs s on s.run_id = r.id and s.index = p.index
    left join pipeline_stages next on next.version_id = p.version_id and next.index = p.index + 1
    left join apps next_app on next_app.id = next.app_id`;

/** Stages of batches that more runs have begun than stand there: some went on without a settlement. */
const HOLES = `
  with begun as (
    select batch_id, index, sum(count) as count from batch_stage_counts
    where state in ('queued', 'running') group by batch_id, index having sum(count) > 0
  ), standing as (
    select batch_id, next_index as index, count(*) as count from runs where state = 'running' group by 1, 2
  )
  select begun.batch_id as batch, begun.index from begun left join standing using (batch_id, index)
  where begun.count > coalesce(standing.count, 0)`;

/** What the sweep reads of the runs, and how it takes one back to wait. */
@Injectable()
export class SweepRepository {
  constructor(
    private readonly dataSource: DataSource,
    private readonly epoch: LeaderEpoch,
  ) {}

  /** The stages at which running runs stand, and those that runs have passed without their settlement being recorded. */
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
   * Lets runs wait before stages that got lost; admission publishes them again as a new generation. A run that has
   * moved meanwhile, or was cancelled, stays as it is. What an old try still settles before that is taken over.
   */
  putBack(lost: readonly LostStage[]): Promise<BatchChange[]> {
    return this.dataSource.transaction(async (manager) => {
      await this.epoch.check(manager);
      const ids = lost.map(({ run }) => run);
      // Locked first, so that what is read of them afterwards stays true.
      await manager.query('select 1 from runs where id = any($1::bigint[]) order by id for update', [ids]);
      const rows = await manager.query<LostRow[]>(LOST, [
        ids,
        lost.map(({ index }) => index),
        lost.map(({ generation }) => generation),
      ]);
      return letWait(manager, rows);
    });
  }
}

type StageRow = Omit<UnsettledStage, 'run' | 'queuedAt'> & { readonly run: string; readonly queuedAt: Date };

const stageOf = ({ run, queuedAt, ...row }: StageRow): UnsettledStage => ({
  ...row,
  run: Number(run),
  queuedAt: queuedAt.getTime(),
});

interface LostRow {
  readonly run: string;
  readonly batch: number;
  readonly row: number;
  readonly index: number;
  readonly state: RunState;
  readonly stageState: StageState;
}

const LOST = `
  select r.id as run, r.batch_id as batch, r.row, lost.index, r.state, coalesce(s.state, 'waiting') as "stageState"
  from unnest($1::bigint[], $2::int[], $3::int[]) as lost(run, index, generation)
    join runs r on r.id = lost.run and r.generation = lost.generation
    join batches b on b.id = r.batch_id and b.cancelled_generation < r.generation
    left join stage_runs s on s.run_id = r.id and s.index = lost.index
  where coalesce(s.state, 'waiting') in ('waiting', 'queued', 'running')
    and (r.state = 'running' or r.state in ('waiting', 'done') and r.next_index > lost.index)
    and r.next_index >= lost.index
  order by r.id`;

async function letWait(manager: EntityManager, rows: readonly LostRow[]): Promise<BatchChange[]> {
  const ids = rows.map(({ run }) => run);
  const indexes = rows.map(({ index }) => index);
  // Root 0: whatever the old try still reports is newer than that, and counts until the new one is published.
  await manager.query(
    `update runs r set state = 'waiting', next_index = lost.index, root = 0, sentence = null, finished_at = null,
       not_before = '-infinity'
     from unnest($1::bigint[], $2::int[]) as lost(run, index) where r.id = lost.run`,
    [ids, indexes],
  );
  await manager.query(
    `insert into stage_runs (run_id, index, state, generation, root, delivery, rank)
     select r.id, lost.index, 'waiting', r.generation, 0, 0, 0
     from unnest($1::bigint[], $2::int[]) as lost(run, index) join runs r on r.id = lost.run
     on conflict (run_id, index) do update set
       state = excluded.state, generation = excluded.generation, queued_at = null, ${NOT_BEGUN}`,
    [ids, indexes],
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
