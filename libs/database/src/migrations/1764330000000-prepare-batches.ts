import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a batch is prepared with before it starts, and how it is kept. */
export class PrepareBatches1764330000000 implements MigrationInterface {
  readonly name = 'PrepareBatches1764330000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table batches
        add column started_by text,
        -- Only rows below this may run; null: all may.
        add column trial_files integer,
        -- Not listed any more.
        add column archived_at timestamptz,
        -- What the first stage is given, looked up when the batch is started.
        add column input jsonb not null default '{"kind":"source"}',
        -- Its runs take over what earlier runs of the same media files have come to.
        add column reuse boolean not null default false;

      alter table runs
        -- What the first stage is given; null: a blank document that names the source.
        add column input_document text references documents (sha256),
        -- It was uploaded, and not looked up.
        add column input_uploaded boolean not null default false,
        -- What it takes over was decided, before its first message was published.
        add column reuse_decided boolean not null default false;
      -- The run of which a skipped stage was taken over, which may be gone since.
      alter table stage_runs add column reused_from bigint;

      -- How many stage runs of a running batch had come to an end, by stage: kept for minutes, to tell its pace.
      create table batch_samples (
        batch_id integer not null references batches on delete cascade,
        at timestamptz not null,
        ended integer[] not null,
        primary key (batch_id, at)
      );
      create index runs_by_input_document on runs (input_document) where input_document is not null;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table batch_samples;
      alter table stage_runs drop column reused_from;
      alter table runs drop column input_document, drop column input_uploaded, drop column reuse_decided;
      alter table batches
        drop column started_by, drop column trial_files, drop column archived_at, drop column input, drop column reuse;
    `);
  }
}
