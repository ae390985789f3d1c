import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Settings of a batch before its start, and whether it is archived. */
export class PrepareBatches1764330000000 implements MigrationInterface {
  readonly name = 'PrepareBatches1764330000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table batches
        add column started_by text,
        -- Only rows below this number run; null: all rows.
        add column trial_files integer,
        -- Hidden in lists by default.
        add column archived_at timestamptz,
        -- Input choice; the documents are found when the batch is started.
        add column input jsonb not null default '{"kind":"source"}',
        -- Its runs reuse the results of earlier runs of the same media files.
        add column reuse boolean not null default false;

      alter table runs
        -- Input of the first stage; null: a blank document that names the source.
        add column input_document text references documents (sha256),
        -- The input was uploaded by a user.
        add column input_uploaded boolean not null default false,
        -- The decision which stages are reused was made, before the first message was published.
        add column reuse_decided boolean not null default false;
      -- The run whose result was reused for a skipped stage; it may have been deleted.
      alter table stage_runs add column reused_from bigint;

      -- Number of finished stage runs of a running batch, by stage: kept for minutes, to compute its pace.
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
