import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Retention of batches, and the position of the pass that searches for unreferenced documents. */
export class KeepDocuments1764350000000 implements MigrationInterface {
  readonly name = 'KeepDocuments1764350000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table retention (
        one boolean primary key default true check (one),
        keep text not null default 'all',
        -- Days after a batch has finished; null: unlimited.
        days integer,
        changed_by text,
        changed_at timestamptz
      );
      insert into retention default values;

      create table batch_retention (
        batch_id integer primary key references batches,
        -- Null: the default of the installation, including its days.
        keep text,
        days integer,
        -- What is left of the batch that finished at this time.
        kept text not null default 'all',
        finished_at timestamptz
      );

      create table document_sweep (
        one boolean primary key default true check (one),
        -- The document up to which a pass has come; null: there is no pass.
        position text,
        -- A batch was deleted, so another pass is due.
        wanted boolean not null default false,
        ended_at timestamptz not null default now()
      );
      insert into document_sweep default values;

      create index past_stage_runs_by_document on past_stage_runs (document) where document is not null;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index past_stage_runs_by_document;
      drop table document_sweep, batch_retention, retention;
    `);
  }
}
