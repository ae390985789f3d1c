import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { BatchState, HeldStage, Outcome, RetryPolicy, RunState, StageState } from '#libs/contracts';
import { heldStages } from '../holds/held-stages.js';
import { UNKNOWN_ACTOR } from '../commands/operator-action.js';

/** State of an app that may delay a run. */
export interface AppStatus {
  readonly app: string;
  readonly name: string;
  /** Its consumer exists. */
  readonly ready: boolean;
  /** Number of documents that it processes concurrently, over all workers. */
  readonly concurrency: number;
  /** Its own retry policy. */
  readonly retry: RetryPolicy;
  /** The breaker has paused it because it does not accept calls. */
  readonly unreachable: boolean;
  /** Null: not paused; `why` may be empty. Milliseconds since 1970. */
  readonly paused: { readonly by: string; readonly at: number; readonly why: string } | null;
}

/** State of a batch that may delay its runs. */
export interface BatchStatus {
  readonly batch: number;
  readonly state: BatchState;
  /** Raised by every change of the batch, its runs and their stages. */
  readonly version: number;
  /** Null: not paused. Milliseconds since 1970. */
  readonly paused: { readonly by: string; readonly at: number } | null;
  /** Stages at which it is held; null: none. */
  readonly held: readonly HeldStage[] | null;
  /** Stages of this generation and of older ones are cancelled. */
  readonly cancelledGeneration: number;
  /** Number of files in the trial, and how many of them are waiting or running; null: no trial. */
  readonly trial: { readonly files: number; readonly open: number } | null;
  /** Apps of its pipeline in stage order. */
  readonly route: readonly AppStatus[];
  /** The earliest next stage of its waiting and running runs; no open run needs the apps before it. */
  readonly firstOpen: number;
  readonly runs: Readonly<Record<RunState, number>>;
  /** Whether runs are waiting or in progress at each stage of the route; only a run's own next stage counts. */
  readonly openAt: readonly boolean[];
  /** Runs that wait for a retry, and the time of the first retry (milliseconds since 1970). */
  readonly retrying: { readonly count: number; readonly next: number } | null;
  /** The largest error group. */
  readonly worstError: { readonly sentence: string; readonly count: number } | null;
}

/** State of a run. Times are in milliseconds since 1970. */
export interface RunStatus {
  readonly run: number;
  readonly state: RunState;
  readonly generation: number;
  /** Stages of this generation of the run and of older ones are cancelled. */
  readonly cancelledGeneration: number;
  /** The next stage, from 0; the number of stages when the run is done. */
  readonly nextIndex: number;
  /** Attempts of that stage that ended in a retry. */
  readonly attempt: number;
  /** The run is not admitted before this time; null: no limit. */
  readonly notBefore: number | null;
  readonly sentence: string | null;
  readonly finishedAt: number | null;
  /** The stage at `nextIndex`; null when it has not started. */
  readonly stage: {
    readonly state: StageState;
    readonly outcome: Outcome | null;
    readonly calls: number;
  } | null;
  /** The output of the previous stage is stored, or none is needed. */
  readonly hasInput: boolean;
  /** Its batch runs a trial that does not include it. */
  readonly isBeyondTrial: boolean;
  /** Waiting runs of its batch at the same stage that are admitted before it. */
  readonly aheadInBatch: number;
  /** Runs that were queued earlier for the same app. */
  readonly aheadInQueue: number;
  readonly batch: BatchStatus;
}

/** Work that is queued and running at an app. */
export interface AppLoad {
  readonly app: AppStatus;
  readonly queued: number;
  readonly running: number;
}

/** A session that holds a lock for which Chowda waits. */
export interface BlockingSession {
  readonly pid: number;
  readonly user: string;
  readonly application: string;
  /** Start of its transaction, in milliseconds since 1970; null: unknown. */
  readonly since: number | null;
}

/** A stage that a running worker lists in its heartbeat. */
export interface ListedStage {
  readonly run: number;
  readonly index: number;
}

/** Results of a batch that wait in Postgres because another transaction locks their runs. */
export interface DeferredResults {
  readonly count: number;
  /** When the first one was deferred, in milliseconds since 1970. */
  readonly since: number;
}

const PAUSED = (alias: string, why: string) =>
  `case when ${alias}.paused_at is not null then json_build_object('by', coalesce(${alias}.paused_by, '${UNKNOWN_ACTOR}'),
     'at', floor(extract(epoch from ${alias}.paused_at) * 1000)${why}) end`;

const APP = (alias: string) => `json_build_object('app', ${alias}.slug, 'name', ${alias}.name,
  'ready', ${alias}.ready_at is not null, 'concurrency', ${alias}.concurrency, 'retry', ${alias}.retry,
  'unreachable', exists (select 1 from app_breakers k where k.app_id = ${alias}.id and k.cause <> 'failing'),
  'paused', ${PAUSED(alias, `, 'why', coalesce(${alias}.paused_why, '')`)})`;

const BATCH = `
  select b.id as batch, b.state, b.version::float8 as version, b.cancelled_generation as "cancelledGeneration", ${PAUSED('b', '')} as paused,
    ${heldStages('b.id')} as held, (
      select json_agg(${APP('a')} order by p.index) from pipeline_stages p join apps a on a.id = p.app_id
      where p.version_id = b.pipeline_version_id
    ) as route,
    case when b.trial_files is not null then (
      select json_build_object('files', b.trial_files, 'open', count(*)) from runs r
      where r.batch_id = b.id and r.row < b.trial_files and r.state in ('waiting', 'running')
    ) end as trial,
    '{"waiting":0,"running":0,"done":0,"failed":0,"cancelled":0}'::jsonb || coalesce((
      select jsonb_object_agg(c.state, c.count) from batch_run_counts c where c.batch_id = b.id
    ), '{}') as runs,
    (
      select case when count(*) > 0 then json_build_object('count', count(*)::int,
        'next', floor(extract(epoch from min(r.not_before)) * 1000)) end
      from runs r where r.batch_id = b.id and r.state = 'waiting' and r.not_before > now()
    ) as retrying,
    (
      select json_build_object('sentence', e.sentence, 'count', e.count + e.retrying)
      from error_groups e where e.batch_id = b.id and e.count + e.retrying > 0
      order by e.count + e.retrying desc, e.index limit 1
    ) as "worstError"
  from batches b`;

/** Stage runs by state, from which follows at which stages runs are open. */
const STAGE_COUNTS = `
  select c.batch_id as batch, c.index, sum(c.count)::int as total,
    coalesce(sum(c.count) filter (where c.state in ('done', 'skipped')), 0)::int as passed,
    coalesce(sum(c.count) filter (where c.state in ('queued', 'running', 'retrying')), 0)::int as active,
    coalesce(sum(c.count) filter (where c.state = 'waiting'), 0)::int as waiting
  from batch_stage_counts c where c.batch_id = any($1::int[]) group by 1, 2`;

interface StageCounts {
  readonly batch: number;
  readonly index: number;
  readonly total: number;
  readonly passed: number;
  readonly active: number;
  readonly waiting: number;
}

/** A stage run that waits behind an unfinished stage is not open: its run is at the earlier stage, or has ended there. */
function openAt(counts: readonly StageCounts[], stages: number): boolean[] {
  const at = new Map(counts.map((count) => [count.index, count]));
  return Array.from({ length: stages }, (_, index) => {
    const { active = 0, waiting = 0 } = at.get(index) ?? {};
    const before = at.get(index - 1);
    const reached = before ? before.passed - before.total : 0;
    return active > 0 || waiting + reached > 0;
  });
}

const RUN = `
  select r.batch_id as batch, r.state, r.generation, r.cancelled_generation as "cancelledGeneration", r.next_index as "nextIndex", r.attempt, r.sentence,
    case when isfinite(r.not_before) then floor(extract(epoch from r.not_before) * 1000)::float8 end as "notBefore",
    floor(extract(epoch from r.finished_at) * 1000)::float8 as "finishedAt",
    case when s.run_id is not null then json_build_object('state', s.state, 'outcome', s.outcome, 'calls', s.calls) end
      as stage,
    coalesce(r.row >= b.trial_files, false) as "isBeyondTrial",
    r.next_index = 0 or before.document is not null as "hasInput",
    (
      select count(*)::int from runs w
      where w.batch_id = r.batch_id and w.next_index = r.next_index and w.state = 'waiting'
        and (w.not_before, w.row) < (r.not_before, r.row)
    ) as "aheadInBatch",
    (
      select count(*)::int from runs o join batches ob on ob.id = o.batch_id
        join pipeline_stages op on op.version_id = ob.pipeline_version_id and op.index = o.next_index
        join stage_runs os on os.run_id = o.id and os.index = o.next_index
      where o.state = 'running' and op.app_id = p.app_id and os.state = 'queued' and os.queued_at < s.queued_at
    ) as "aheadInQueue"
  from runs r join batches b on b.id = r.batch_id
    left join pipeline_stages p on p.version_id = b.pipeline_version_id and p.index = r.next_index
    left join stage_runs s on s.run_id = r.id and s.index = r.next_index
    left join stage_runs before on before.run_id = r.id and before.index = r.next_index - 1
  where r.id = $1`;

const LOAD = `
  select ${APP('a')} as app, coalesce(sum(load.queued), 0)::int as queued, coalesce(sum(load.running), 0)::int as running
  from apps a left join lateral (
    select (s.state = 'running')::int as running, (s.state is distinct from 'running')::int as queued
    from runs r join batches b on b.id = r.batch_id
      join pipeline_stages p on p.version_id = b.pipeline_version_id and p.index = r.next_index
      left join stage_runs s on s.run_id = r.id and s.index = r.next_index
    where r.state = 'running' and p.app_id = a.id
  ) load on true
  where a.slug = $1 group by a.id`;

/** Reads the state of runs, batches and apps that make no progress. */
@Injectable()
export class ExplainRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Milliseconds since 1970 by the clock of Postgres, by which retries are due. */
  async now(): Promise<number> {
    const [row] = await this.dataSource.query<{ now: number }[]>(
      'select floor(extract(epoch from clock_timestamp()) * 1000)::float8 as now',
    );
    return row!.now;
  }

  /** Null when there is no such run. */
  async run(id: number): Promise<RunStatus | null> {
    const [row] = await this.dataSource.query<(Omit<RunStatus, 'run' | 'batch'> & { batch: number })[]>(RUN, [id]);
    const batch = row && (await this.batch(row.batch));
    return batch ? { ...row, run: id, batch } : null;
  }

  /** Null when there is no such batch. */
  async batch(id: number): Promise<BatchStatus | null> {
    const [status] = await this.withOpenStages(await this.dataSource.query(`${BATCH} where b.id = $1`, [id]));
    return status ?? null;
  }

  /** All batches that were started and are not finished. */
  async unfinished(): Promise<BatchStatus[]> {
    return this.withOpenStages(await this.dataSource.query(`${BATCH} where b.state = 'running' order by b.id`));
  }

  /** The batch and the app of each of these stages; unknown ones are omitted. */
  async stagesOf(listed: readonly ListedStage[]): Promise<{ readonly batch: number; readonly app: string }[]> {
    return this.dataSource.query(
      `select r.batch_id as batch, a.slug as app from unnest($1::bigint[], $2::int[]) as listed(run, index)
         join runs r on r.id = listed.run join batches b on b.id = r.batch_id
         join pipeline_stages p on p.version_id = b.pipeline_version_id and p.index = listed.index
         join apps a on a.id = p.app_id`,
      [listed.map(({ run }) => run), listed.map(({ index }) => index)],
    );
  }

  /** Results that are not recorded because another transaction locks their runs, by batch. */
  async deferred(): Promise<ReadonlyMap<number, DeferredResults>> {
    const rows = await this.dataSource.query<(DeferredResults & { batch: number })[]>(
      `select r.batch_id as batch, count(*)::int as count,
         floor(extract(epoch from min(d.deferred_at)) * 1000)::float8 as since
       from deferred_events d join runs r on r.id = d.run_id group by 1`,
    );
    return new Map(rows.map(({ batch, count, since }) => [batch, { count, since }]));
  }

  /** The sessions with the oldest transactions that lock rows of runs or batches. */
  async sessionsWithLocks(): Promise<BlockingSession[]> {
    return this.dataSource.query(
      `select b.pid, coalesce(b.usename, 'unknown') as "user", b.application_name as application,
         floor(extract(epoch from b.xact_start) * 1000)::float8 as since
       from pg_stat_activity b where b.datname = current_database() and b.pid <> pg_backend_pid() and b.pid in (
         select l.pid from pg_locks l where l.granted and l.mode <> 'AccessShareLock'
           and l.relation in ('runs'::regclass, 'batches'::regclass)
       ) order by b.xact_start limit 3`,
    );
  }

  /** The database sessions for which a connection of Chowda waits, with the start of their transactions. */
  async blockingSessions(): Promise<BlockingSession[]> {
    return this.dataSource.query(
      `select b.pid, coalesce(b.usename, 'unknown') as "user", b.application_name as application,
         floor(extract(epoch from b.xact_start) * 1000)::float8 as since
       from pg_stat_activity b where b.pid in (
         select unnest(pg_blocking_pids(w.pid)) from pg_stat_activity w
         where w.datname = current_database() and w.application_name like 'chowda%' and w.wait_event_type = 'Lock'
       ) order by b.xact_start limit 3`,
    );
  }

  private async withOpenStages(rows: Omit<BatchStatus, 'openAt' | 'firstOpen'>[]): Promise<BatchStatus[]> {
    const counts = await this.dataSource.query<StageCounts[]>(STAGE_COUNTS, [rows.map(({ batch }) => batch)]);
    return rows.map((row) => {
      const ofBatch = counts.filter(({ batch }) => batch === row.batch);
      const open = openAt(ofBatch, row.route.length);
      return { ...row, openAt: open, firstOpen: Math.max(open.indexOf(true), 0) };
    });
  }

  /** Null when there is no such app. */
  async app(slug: string): Promise<AppLoad | null> {
    const [row] = await this.dataSource.query<AppLoad[]>(LOAD, [slug]);
    return row ?? null;
  }
}
