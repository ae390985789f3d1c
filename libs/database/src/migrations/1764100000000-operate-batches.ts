import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Columns and tables for retries, pauses, cancellations and operators. */
export class OperateBatches1764100000000 implements MigrationInterface {
  readonly name = 'OperateBatches1764100000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table apps
        add column paused_at timestamptz,
        add column paused_by text,
        add column paused_why text;

      alter table batches
        add column paused_at timestamptz,
        add column paused_by text,
        -- Stages of this generation and of older ones are cancelled.
        add column cancelled_generation integer not null default 0;

      alter table runs
        -- A waiting run is not admitted before this time.
        add column not_before timestamptz not null default '-infinity',
        -- Attempts of the stage at next_index that ended in a retry.
        add column attempt integer not null default 0;
      drop index runs_waiting;
      create index runs_waiting on runs (batch_id, not_before, row) where state = 'waiting';

      -- Settled attempts of a stage that newer attempts have replaced; their documents stay readable.
      create table past_stage_runs (
        run_id bigint not null references runs,
        index integer not null,
        generation integer not null,
        root bigint not null,
        state text not null,
        outcome text,
        sentence text,
        worker text,
        started_at timestamptz,
        settled_at timestamptz not null,
        document text references documents (sha256),
        primary key (run_id, index, generation, root)
      );

      -- Raised by each new leader; a leader of an older epoch must not write.
      create table leader (
        one boolean primary key default true check (one),
        epoch bigint not null default 0
      );
      insert into leader default values;

      -- Every command with its actor and its result.
      create table operator_actions (
        id bigint generated always as identity primary key,
        at timestamptz not null default now(),
        actor text not null,
        verb text not null,
        request jsonb not null,
        answer jsonb not null
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table operator_actions, leader, past_stage_runs;
      drop index runs_waiting;
      create index runs_waiting on runs (batch_id, row) where state = 'waiting';
      alter table runs drop column not_before, drop column attempt;
      alter table batches drop column paused_at, drop column paused_by, drop column cancelled_generation;
      alter table apps drop column paused_at, drop column paused_by, drop column paused_why;
    `);
  }
}
