import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { type RouteStage, STREAMS, stride } from '#libs/contracts';
import { addRunCounts, addStageCounts, Tally } from '../state/counters.js';
import { GroupTally, leaveErrorGroups } from '../recorder/error-groups.js';
import { LeaderEpoch } from '../../leader/leader-epoch.js';
import { mayPassHold } from '../holds/held-stages.js';
import { asPublished, type Claim, type ClaimedRun, claimRuns, IN_INDEX_ORDER } from './claim.js';
import { earlierCalls, notStartedAfter, storePast } from '../state/past-stages.js';
import { stepBack } from './step-back.js';
import type { BatchChange } from '../state/stage-change.js';

/** A running batch with waiting runs. */
export interface WaitingBatch {
  readonly id: number;
  readonly batchKey: string;
  readonly pass: number;
  readonly weight: number;
  /** Its waiting runs by next stage. */
  readonly waiting: readonly WaitingRuns[];
  readonly sourceVocabulary: 'old' | 'new';
  readonly route: readonly RouteStage[];
}

/** Waiting runs of a batch at one next stage. */
export interface WaitingRuns {
  readonly nextIndex: number;
  /** Runs that can be admitted now. */
  readonly count: number;
  /** Runs for which reuse must be decided first; they may continue at a later stage. */
  readonly undecided: number;
}

/** Runs in progress by batch, next stage, and whether the batch is held there. */
export interface RunsInProgress {
  readonly batch: number;
  /** The apps of its pipeline, in stage order. */
  readonly route: readonly string[];
  readonly nextIndex: number;
  /** Their batch is held at this stage, and none of them is the probe. */
  readonly held: boolean;
  readonly count: number;
}

/** Limit of the documents that one claim stages, because its transaction must end soon. */
const MAX_INPUT_BYTES = 64 * 1024 * 1024;

/** A held stage has one ready run at most: its probe. */
const WAITING_BATCHES = `
  select b.id, b.batch_key as "batchKey", b.pass, b.weight, w.waiting, v.source_vocabulary as "sourceVocabulary", (
   select json_agg(json_strip_nulls(json_build_object('app', a.slug, 'parameters', s.parameters, 'types', s.types,
     'mmifVersion', s.mmif_version, 'deadline', a.deadline_seconds))
     order by s.index)
   from pipeline_stages s join apps a on a.id = s.app_id where s.version_id = b.pipeline_version_id
   ) as route
   from batches b join pipeline_versions v on v.id = b.pipeline_version_id
   cross join lateral (
     select json_agg(json_build_object('nextIndex', next_index, 'count', ready, 'undecided', total - ready)
       order by next_index) as waiting
     from (
       select eligible.next_index, count(*) as total,
         count(*) filter (where not b.reuse or reuse_decided or generation > 0) as ready
       from (
         select r.next_index, r.reuse_decided, r.generation
         from pipeline_stages p cross join lateral (
           select * from runs r where r.batch_id = b.id and r.next_index = p.index and r.state = 'waiting'
             and r.not_before <= now() and r.generation >= b.cancelled_generation
           order by r.not_before, r.row limit $1
         ) r where b.trial_files is null and p.version_id = b.pipeline_version_id
           and not exists (select 1 from batch_holds h where h.batch_id = b.id and h.stage = p.index)
         union all select r.next_index, r.reuse_decided, r.generation
         from batch_holds h join runs r on r.id = h.probe_run and r.next_index = h.stage
         where h.batch_id = b.id and b.trial_files is null and r.state = 'waiting' and r.not_before <= now()
           and r.generation >= b.cancelled_generation
         -- By row, because a batch with a trial can have many other waiting runs.
         union all select r.next_index, r.reuse_decided, r.generation
         from generate_series(0, b.trial_files - 1) as trial(row)
           join runs r on r.batch_id = b.id and r.row = trial.row
         where r.state = 'waiting' and r.not_before <= now() and r.generation >= b.cancelled_generation
           and ${mayPassHold('r')}
       ) eligible group by eligible.next_index
     ) stages
   ) w
   where b.state = 'running' and b.paused_at is null and w.waiting is not null order by b.id`;

/** One statement, so that the counts and the position of the recorder are of one moment. */
const RUNS_IN_PROGRESS = `
  select r.batch_id as batch, r.next_index as "nextIndex", r.held, r.count, (
    select json_agg(a.slug order by s.index) from batches b
      join pipeline_stages s on s.version_id = b.pipeline_version_id join apps a on a.id = s.app_id
    where b.id = r.batch_id
  ) as route, (select sequence from recorder_cursor where stream = $1) as recorded
  from (
    select r.batch_id, r.next_index, not (${mayPassHold('r')}) as held, count(*)::int as count
    from runs r where r.state = 'running' group by 1, 2, 3
  ) r`;

/** The run table as outbox: finds waiting runs and publishes them. */
@Injectable()
export class AdmissionRepository {
  constructor(
    private readonly dataSource: DataSource,
    private readonly epoch: LeaderEpoch,
  ) {}

  /**
   * Running batches that are not paused and have runs that can be admitted now, or decided. Of each batch and next
   * stage, at most the `most` oldest runs count.
   */
  waitingBatches(most: number): Promise<WaitingBatch[]> {
    return this.dataSource.transaction(async (manager) => {
      await manager.query(IN_INDEX_ORDER);
      return manager.query<WaitingBatch[]>(WAITING_BATCHES, [most]);
    });
  }

  /** The number of runs in progress of each batch by next stage, and the last event that it contains. */
  async runsInProgress(): Promise<{ loads: RunsInProgress[]; recorded: number }> {
    const rows = await this.dataSource.query<(RunsInProgress & { readonly recorded: string | null })[]>(
      RUNS_IN_PROGRESS,
      [STREAMS.events.name],
    );
    const loads = rows.map(({ batch, route, nextIndex, held, count }) => ({ batch, route, nextIndex, held, count }));
    return { loads, recorded: Number(rows[0]?.recorded ?? 0) };
  }

  /**
   * Claims the oldest waiting runs of a batch at a stage, publishes their messages and marks them as admitted, in one
   * transaction. After a kill between publication and commit, the next claim publishes them with the same generation,
   * and the broker refuses the duplicates. The locks are held during the publication, so the recorder waits with the
   * first events of these runs. Runs whose input is lost go back one stage instead.
   */
  admit(
    batch: Pick<WaitingBatch, 'id' | 'weight'> & { readonly nextIndex: number },
    limit: number,
    publish: (runs: ClaimedRun[]) => Promise<void>,
  ): Promise<BatchChange[]> {
    return this.dataSource.transaction(async (manager) => {
      await this.epoch.check(manager);
      const claims = await claimRuns(manager, { batch: batch.id, nextIndex: batch.nextIndex, limit });
      const runs = withinBytes(claims.runs);
      if (runs.length > 0) await publish(runs.map(asPublished));
      const changes = await stepBack(manager, claims.withoutInput);
      if (runs.length > 0) changes.push(await markAdmitted(manager, batch, runs));
      return changes;
    });
  }
}

/** The first claimed runs whose inputs fit into one transaction; at least one. */
function withinBytes(claimed: readonly Claim[]): Claim[] {
  let bytes = 0;
  const end = claimed.findIndex(({ input }, index) => (bytes += input?.bytes ?? 0) > MAX_INPUT_BYTES && index > 0);
  return end < 0 ? [...claimed] : claimed.slice(0, end);
}

const MARK_STAGES = `
  with old as (
    select s.* from stage_runs s join runs r on r.id = s.run_id and r.next_index = s.index where r.id = any($1)
  ), kept as (${storePast('old')})
  insert into stage_runs (run_id, index, state, generation, root, delivery, rank, queued_at)
  select id, next_index, 'queued', generation, 0, 0, 0, now() from runs where id = any($1)
  on conflict (run_id, index) do update set
    state = excluded.state, generation = excluded.generation, queued_at = excluded.queued_at,
    ${notStartedAfter(earlierCalls('stage_runs'))}`;

async function markAdmitted(
  manager: EntityManager,
  batch: Pick<WaitingBatch, 'id' | 'weight'>,
  runs: readonly Claim[],
): Promise<BatchChange> {
  const ids = runs.map(({ id }) => id);
  await manager.query(
    `update runs r set state = 'running', generation = u.generation, root = 0, admitted_at = now(),
       not_before = '-infinity', sentence = null, finished_at = null
     from unnest($1::bigint[], $2::int[]) as u(id, generation) where r.id = u.id`,
    [ids, runs.map(({ generation }) => generation)],
  );
  await manager.query(MARK_STAGES, [ids]);
  const stages = new Tally();
  const errors = new GroupTally();
  for (const { index, oldState, oldFingerprint } of runs) {
    if (oldFingerprint !== null) errors.add(oldState, [batch.id, index, oldFingerprint], -1);
    stages.add([batch.id, index, oldState], -1);
    stages.add([batch.id, index, 'queued'], 1);
  }
  const totals = new Tally();
  totals.add([batch.id, 'waiting'], -runs.length);
  totals.add([batch.id, 'running'], runs.length);
  await addStageCounts(manager, stages);
  await addRunCounts(manager, totals);
  await leaveErrorGroups(manager, errors);
  const [[row]] = await manager.query<[[{ version: string }], number]>(
    `update batches set version = version + 1, pass = pass + $2 where id = $1 returning version`,
    [batch.id, runs.length * stride(batch.weight)],
  );
  const to = Number(row.version);
  const cells = runs.map(({ row: cell, index }) => ({ row: cell, index, state: 'queued' as const }));
  return { batch: batch.id, from: to - 1, to, cells };
}
