import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Columns and indexes for lists of runs, past attempts, error groups and the cancellation of single runs. */
export class FollowRuns1764340000000 implements MigrationInterface {
  readonly name = 'FollowRuns1764340000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table past_stage_runs
        add column fingerprint text,
        add column trace text,
        add column http_status integer,
        add column calls integer not null default 0,
        add column queued_at timestamptz,
        add column annotations jsonb not null default '{}',
        add column warnings jsonb not null default '[]',
        add column notices jsonb not null default '[]',
        add column mark text,
        add column running_seconds double precision,
        add column coverage jsonb;

      alter table error_groups
        add column first_seen_at timestamptz not null default now(),
        add column last_seen_at timestamptz not null default now(),
        -- Worker on which all failures of the group occurred; null: several, or unknown.
        add column worker text;
      update error_groups e set first_seen_at = seen.first, last_seen_at = seen.last, worker = seen.worker
      from (
        select r.batch_id, s.index, s.fingerprint, min(s.settled_at) as first, max(s.settled_at) as last,
          case when count(distinct coalesce(s.worker, '')) = 1 then min(s.worker) end as worker
        from stage_runs s join runs r on r.id = s.run_id
        where s.state = 'failed' and s.fingerprint is not null and s.settled_at is not null
        group by r.batch_id, s.index, s.fingerprint
      ) seen
      where e.batch_id = seen.batch_id and e.index = seen.index and e.fingerprint = seen.fingerprint;

      -- Stages of this generation of the run and of older ones are cancelled.
      alter table runs add column cancelled_generation integer not null default 0;
      create index runs_by_batch_state on runs (batch_id, state, row);
      create index runs_cancelled on runs (batch_id) where cancelled_generation > 0;

      -- None of them contains the state of a stage, so that starting a stage writes to no index.
      create index stage_runs_by_mark on stage_runs (mark, run_id) where mark is not null;
      create index stage_runs_by_fingerprint on stage_runs (fingerprint, run_id) where fingerprint is not null;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index stage_runs_by_fingerprint, stage_runs_by_mark, runs_cancelled, runs_by_batch_state;
      alter table runs drop column cancelled_generation;
      alter table error_groups drop column first_seen_at, drop column last_seen_at, drop column worker;
      alter table past_stage_runs drop column fingerprint, drop column trace, drop column http_status,
        drop column calls, drop column queued_at, drop column annotations, drop column warnings, drop column notices,
        drop column mark, drop column running_seconds, drop column coverage;
    `);
  }
}
