import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { type MediaKind, type RouteStage, type StageState, stride } from '#libs/contracts';
import { addRunCounts, addStageCounts, Tally } from '../state/counters.js';
import { GroupTally, leaveErrorGroups } from '../recorder/error-groups.js';
import { LeaderEpoch } from '../../leader/leader-epoch.js';
import { mayPassHold } from '../holds/held-stages.js';
import { earlierCalls, notStartedAfter, storePast } from '../state/past-stages.js';
import { stepBack } from './step-back.js';
import type { BatchChange } from '../state/stage-change.js';
import { runStatesBefore, stageStatesBefore } from '../state/transition-conditions.js';

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

/** A claimed run with its next stage and the generation of that stage's message. */
export interface ClaimedRun {
  readonly id: number;
  readonly row: number;
  readonly index: number;
  readonly generation: number;
  readonly guid: string;
  readonly path: string;
  readonly kind: MediaKind;
  /** Calls of that stage in generations that the sweeper has replaced. */
  readonly calls: number;
  /**
   * Input of that stage: the output of the previous stage, or the document chosen for the first stage; null: a blank
   * document that names the source.
   */
  readonly input: { readonly sha256: string; readonly bytes: number } | null;
}

/** Limit of the documents that one claim stages, because its transaction must end soon. */
const MAX_INPUT_BYTES = 64 * 1024 * 1024;

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
  async waitingBatches(most: number): Promise<WaitingBatch[]> {
    return this.dataSource.query<WaitingBatch[]>(
      `select b.id, b.batch_key as "batchKey", b.pass, b.weight, w.waiting, v.source_vocabulary as "sourceVocabulary", (
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
                   and r.not_before <= now() and ${mayPassHold('r')}
                 order by r.not_before, r.row limit $1
               ) r where b.trial_files is null and p.version_id = b.pipeline_version_id
               -- By row, because a batch with a trial can have many other waiting runs.
               union all select r.next_index, r.reuse_decided, r.generation
               from generate_series(0, b.trial_files - 1) as trial(row)
                 join runs r on r.batch_id = b.id and r.row = trial.row
               where r.state = 'waiting' and r.not_before <= now() and ${mayPassHold('r')}
             ) eligible group by eligible.next_index
           ) stages
         ) w
       where b.state = 'running' and b.paused_at is null and w.waiting is not null order by b.id`,
      [most],
    );
  }

  /** The number of runs in progress of each batch by next stage. */
  async runsInProgress(): Promise<RunsInProgress[]> {
    return this.dataSource.query<RunsInProgress[]>(
      `select r.batch_id as batch, r.next_index as "nextIndex", r.held, r.count, (
         select json_agg(a.slug order by s.index) from batches b
           join pipeline_stages s on s.version_id = b.pipeline_version_id join apps a on a.id = s.app_id
         where b.id = r.batch_id
       ) as route
       from (
         select r.batch_id, r.next_index, not (${mayPassHold('r')}) as held, count(*)::int as count
         from runs r where r.state = 'running' group by 1, 2, 3
       ) r`,
    );
  }

  /**
   * Claims the oldest waiting runs of a batch at `nextIndex` (without: at any stage), publishes their messages and marks them as admitted, in one transaction.
   * After a kill between publication and commit, the next claim publishes them with the same generation, and the broker
   * refuses the duplicates. The locks are held during the publication, so the recorder waits with the first events of
   * these runs. When no run can be claimed, runs whose input is lost go back one stage.
   */
  admit(
    batch: Pick<WaitingBatch, 'id' | 'weight'> & { readonly nextIndex?: number },
    limit: number,
    publish: (runs: ClaimedRun[]) => Promise<void>,
  ): Promise<BatchChange | null> {
    return this.dataSource.transaction(async (manager) => {
      await this.epoch.check(manager);
      const claimed = (await manager.query<ClaimRow[]>(CLAIM, [batch.id, limit, batch.nextIndex])).map(claimedRun);
      const runs = withinBytes(claimed);
      if (runs.length === 0) return stepBack(manager, batch.id, limit);
      await publish(runs.map(asPublished));
      return markAdmitted(manager, batch, runs);
    });
  }
}

type Claim = ClaimedRun & { readonly oldState: StageState; readonly oldFingerprint: string | null };
type ClaimRow = Omit<Claim, 'id' | 'input'> & {
  readonly id: string;
  readonly sha256: string | null;
  readonly bytes: string | null;
};

/** The conditions are checked again, because the batch may have been paused or cancelled since it was chosen. */
const CLAIM = `
  select r.id, r.row, r.next_index as index, greatest(r.generation, b.cancelled_generation) + 1 as generation,
    m.guid, m.path, m.kind, ${earlierCalls('s')} as calls,
    coalesce(s.state, 'waiting') as "oldState", s.fingerprint as "oldFingerprint", d.sha256, d.bytes
  from runs r join batches b on b.id = r.batch_id join media_files m on m.id = r.media_file_id
    left join stage_runs s on s.run_id = r.id and s.index = r.next_index
    left join stage_runs before on before.run_id = r.id and before.index = r.next_index - 1
    left join documents d on d.sha256 = case when r.next_index = 0 then r.input_document else before.document end
  where r.batch_id = $1 and ($3::int is null or r.next_index = $3) and b.state = 'running' and b.paused_at is null
    and r.state in ${runStatesBefore('admit', 'running')} and coalesce(s.state, 'waiting') in ${stageStatesBefore('admit', 'queued')}
    and r.not_before <= now() and (b.trial_files is null or r.row < b.trial_files) and ${mayPassHold('r')}
    and (not b.reuse or r.reuse_decided or r.generation > 0)
    -- Without the output of the previous stage, the run would restart from the source.
    and (r.next_index = 0 and r.input_document is null or d.sha256 is not null)
  -- The probe of a held stage decides for all others.
  order by exists (select 1 from batch_holds h where h.batch_id = r.batch_id and h.probe_run = r.id) desc,
    r.not_before, r.row
  limit $2 for update of r skip locked`;

const claimedRun = ({ sha256, bytes, ...row }: ClaimRow): Claim => ({
  ...row,
  id: Number(row.id),
  input: sha256 === null ? null : { sha256, bytes: Number(bytes) },
});

const asPublished = ({ id, row, index, generation, guid, path, kind, calls, input }: Claim): ClaimedRun => ({
  id,
  row,
  index,
  generation,
  guid,
  path,
  kind,
  calls,
  input,
});

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
