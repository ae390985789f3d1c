import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { StageMark } from '#libs/contracts';
import { raiseVersions } from '../state/batch-versions.js';
import { addMarkCounts, addRunCounts, addStageCounts, Tally } from '../state/counters.js';
import { LeaderEpoch } from '../../leader/leader-epoch.js';
import { REUSABLE_PREFIX } from './reusable-prefix.js';
import type { BatchChange } from '../state/stage-change.js';
import { runStatesBefore, stageStatesBefore } from '../state/transition-conditions.js';

/** The decision for runs that have not started. */
export interface Reuse {
  /** Number of decided runs; fewer than requested: no others are waiting. */
  readonly decided: number;
  /** Runs that are done because every stage was reused. */
  readonly finished: number;
  /** Null: nothing was reused. */
  readonly change: BatchChange | null;
}

interface DecidedRun {
  readonly run: string;
  readonly row: number;
  readonly stages: number;
  /** Marks of the reused stages, in order; null: no stage was reused. */
  readonly marks: readonly (StageMark | null)[] | null;
}

/** Runs that were never published. */
const FRESH = `
  select r.id from runs r join batches b on b.id = r.batch_id
  where r.batch_id = $1 and b.state = 'running' and b.paused_at is null and b.reuse
    and r.state in ${runStatesBefore('reuse', 'done')} and r.not_before <= now() and r.generation = 0
    and r.generation >= b.cancelled_generation and r.next_index = 0
    and not r.reuse_decided and not exists (
      select 1 from stage_runs s where s.run_id = r.id and s.state not in ${stageStatesBefore('reuse', 'skipped')}
    )
    and (b.trial_files is null or r.row < b.trial_files)
  order by r.not_before, r.row limit $2 for update of r skip locked`;

const REUSE = `
  with fresh as (
    select r.id, r.row, r.batch_id, r.media_file_id, r.input_document, b.pipeline_version_id as version,
      v.source_vocabulary as vocabulary, m.changed_at,
      (select count(*)::int from pipeline_stages s where s.version_id = b.pipeline_version_id) as stages
    from runs r join batches b on b.id = r.batch_id join pipeline_versions v on v.id = b.pipeline_version_id
      join media_files m on m.id = r.media_file_id
    where r.id = any($1::bigint[])
  ), found as (
    select fresh.*, best.run as of_run, best.batch as of_batch, coalesce(best.length, 0) as length
    from fresh left join lateral (${REUSABLE_PREFIX}) best on true
  ), taken as (
    insert into stage_runs (run_id, index, state, outcome, sentence, generation, root, delivery, rank, settled_at,
      annotations, warnings, notices, mark, coverage, document, reused_from)
    select f.id, s.index, 'skipped', s.outcome, format('Reused from run %s of batch %s.', f.of_run, f.of_batch),
      0, 0, 0, 2, now(), s.annotations, s.warnings, s.notices, s.mark, s.coverage, s.document, f.of_run
    from found f join stage_runs s on s.run_id = f.of_run and s.index < f.length order by f.id, s.index
    returning run_id, index, mark
  ), moved as (
    update runs r set reuse_decided = true, next_index = f.length,
      state = case when f.length = f.stages then 'done' else r.state end,
      finished_at = case when f.length = f.stages then now() end
    from found f where r.id = f.id
  )
  select f.id as run, f.row, f.stages, (
    select json_agg(t.mark order by t.index) from taken t where t.run_id = f.id
  ) as marks from found f order by f.id`;

/** Reuses the stages that an earlier run of the same media file has finished. */
@Injectable()
export class ReuseRepository {
  constructor(
    private readonly dataSource: DataSource,
    private readonly epoch: LeaderEpoch,
  ) {}

  /**
   * Decides which stages the oldest unstarted runs of a batch reuse: the longest finished prefix of stages with the
   * same apps, parameters and input. The decision is committed before a message is published. Otherwise, a kill after
   * the publication could lead to a second decision and to two messages of one lineage at different stages.
   */
  decide(batch: number, limit: number): Promise<Reuse> {
    return this.dataSource.transaction(async (manager) => {
      await this.epoch.check(manager);
      const fresh = await manager.query<{ id: string }[]>(FRESH, [batch, limit]);
      if (fresh.length === 0) return { decided: 0, finished: 0, change: null };
      const runs = await manager.query<DecidedRun[]>(REUSE, [fresh.map(({ id }) => id)]);
      const finished = runs.filter(({ marks, stages }) => marks?.length === stages).length;
      await count(manager, batch, runs, finished);
      const cells = runs.flatMap(({ row, marks }) =>
        (marks ?? []).map((mark, index) => ({ batch, row, index, state: 'skipped' as const, mark })),
      );
      const [change = null] = await raiseVersions(manager, cells);
      return { decided: runs.length, finished, change };
    });
  }
}

async function count(
  manager: EntityManager,
  batch: number,
  runs: readonly DecidedRun[],
  finished: number,
): Promise<void> {
  const stages = new Tally();
  const marked = new Tally();
  for (const [index, mark] of runs.flatMap(({ marks }) => [...(marks ?? []).entries()])) {
    stages.add([batch, index, 'waiting'], -1);
    stages.add([batch, index, 'skipped'], 1);
    if (mark !== null) marked.add([batch, index, mark], 1);
  }
  const totals = new Tally();
  totals.add([batch, 'waiting'], -finished);
  totals.add([batch, 'done'], finished);
  await addStageCounts(manager, stages);
  await addMarkCounts(manager, marked);
  await addRunCounts(manager, totals);
}
