import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Stored sizes of documents and references to them, both in indexes. Rewrites every document once. */
export class MeasureDocuments1764440000000 implements MigrationInterface {
  readonly name = 'MeasureDocuments1764440000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Bytes of the content.
      alter table documents add column stored_bytes integer;
      update documents set stored_bytes = octet_length(content);
      alter table documents alter column stored_bytes set not null;

      alter table stage_runs drop constraint stage_runs_document_fkey;
      alter table past_stage_runs drop constraint past_stage_runs_document_fkey;
      -- The foreign key is not recreated: each check would write to the document's row, for 100,000 runs at the start
      -- of a batch.
      alter table runs drop constraint runs_input_document_fkey;
      alter table documents drop constraint documents_pkey;
      alter table documents add constraint documents_pkey primary key (sha256) include (stored_bytes);
      alter table stage_runs
        add constraint stage_runs_document_fkey foreign key (document) references documents (sha256);
      alter table past_stage_runs
        add constraint past_stage_runs_document_fkey foreign key (document) references documents (sha256);

      drop index stage_runs_by_document, past_stage_runs_by_document, runs_by_input_document;
      create index stage_runs_by_document on stage_runs (document, run_id) where document is not null;
      create index past_stage_runs_by_document on past_stage_runs (document, run_id) where document is not null;
      create index runs_by_input_document on runs (input_document, id) where input_document is not null;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index stage_runs_by_document, past_stage_runs_by_document, runs_by_input_document;
      create index stage_runs_by_document on stage_runs (document) where document is not null;
      create index past_stage_runs_by_document on past_stage_runs (document) where document is not null;
      create index runs_by_input_document on runs (input_document) where input_document is not null;

      alter table stage_runs drop constraint stage_runs_document_fkey;
      alter table past_stage_runs drop constraint past_stage_runs_document_fkey;
      alter table documents drop constraint documents_pkey;
      alter table documents drop column stored_bytes;
      alter table documents add constraint documents_pkey primary key (sha256);
      alter table stage_runs
        add constraint stage_runs_document_fkey foreign key (document) references documents (sha256);
      alter table past_stage_runs
        add constraint past_stage_runs_document_fkey foreign key (document) references documents (sha256);
      alter table runs add constraint runs_input_document_fkey foreign key (input_document) references documents (sha256);
    `);
  }
}
