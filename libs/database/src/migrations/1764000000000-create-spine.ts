import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The tables of the running spine: registry, batches with their runs, stage runs, documents. */
export class CreateSpine1764000000000 implements MigrationInterface {
  readonly name = 'CreateSpine1764000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table installation (
        one boolean primary key default true check (one),
        id text not null
      );
      insert into installation (id) values (replace(gen_random_uuid()::text, '-', ''));

      create table apps (
        id integer generated always as identity primary key,
        slug text not null unique,
        name text not null,
        version text not null,
        identifier text not null,
        url text not null,
        adapter text not null default 'http',
        metadata jsonb not null,
        -- The metadata as the app sent it, and its digest.
        metadata_text text not null,
        metadata_sha256 text not null,
        concurrency integer not null,
        deadline_seconds integer not null,
        ready_at timestamptz,
        created_at timestamptz not null default now()
      );

      create table media_files (
        id bigint generated always as identity primary key,
        guid text not null unique,
        title text not null,
        path text not null,
        kind text not null,
        created_at timestamptz not null default now()
      );

      create table pipelines (
        id integer generated always as identity primary key,
        name text not null unique,
        description text not null,
        created_at timestamptz not null default now()
      );
      create table pipeline_versions (
        id integer generated always as identity primary key,
        pipeline_id integer not null references pipelines,
        number integer not null,
        -- Vocabulary of the source documents, and warnings about the order of the apps; both as of the save.
        source_vocabulary text not null default 'old',
        findings jsonb not null default '[]',
        created_at timestamptz not null default now(),
        unique (pipeline_id, number)
      );
      create table pipeline_stages (
        version_id integer not null references pipeline_versions,
        index integer not null,
        app_id integer not null references apps,
        parameters jsonb not null,
        -- The app's metadata at the time of the save: later changes do not affect a batch.
        types jsonb not null default '{}',
        mmif_version text,
        primary key (version_id, index)
      );

      create table batches (
        id integer generated always as identity primary key,
        name text not null,
        pipeline_version_id integer not null references pipeline_versions,
        state text not null default 'draft',
        -- Raised in every transaction that changes what clients see of the batch.
        version bigint not null default 0,
        -- Order of admission (stride scheduling): the batch with the lowest pass is served next.
        pass double precision not null default 0,
        weight integer not null default 100,
        created_by text not null,
        created_at timestamptz not null default now(),
        started_at timestamptz,
        finished_at timestamptz
      );
      create index batches_running on batches (id) where state = 'running';

      create table runs (
        id bigint generated always as identity primary key,
        batch_id integer not null references batches,
        row integer not null,
        media_file_id bigint not null references media_files,
        state text not null default 'waiting',
        generation integer not null default 0,
        -- Root of the newest recorded lineage, in nanoseconds since 1970.
        root bigint not null default 0,
        -- Number of done stages, which is the index of the next stage.
        next_index integer not null default 0,
        sentence text,
        admitted_at timestamptz,
        finished_at timestamptz,
        unique (batch_id, row),
        -- In this order it also finds the runs of a media file.
        unique (media_file_id, batch_id)
      );
      create index runs_waiting on runs (batch_id, row) where state = 'waiting';
      create index runs_running on runs (batch_id, next_index) where state = 'running';

      create table documents (
        sha256 text primary key,
        -- Size of the document itself, before compression.
        bytes bigint not null,
        encoding text not null,
        content bytea not null,
        created_at timestamptz not null default now()
      );

      create table stage_runs (
        run_id bigint not null references runs,
        index integer not null,
        state text not null,
        outcome text,
        sentence text,
        fingerprint text,
        trace text,
        http_status integer,
        -- Version of the row: later events have a greater (generation, root, rank, delivery).
        generation integer not null,
        root bigint not null,
        delivery integer not null,
        rank smallint not null,
        calls integer not null default 0,
        worker text,
        queued_at timestamptz,
        started_at timestamptz,
        settled_at timestamptz,
        annotations jsonb not null default '{}',
        warnings jsonb not null default '[]',
        notices jsonb not null default '[]',
        -- Why a user should look at the stage although it is done.
        mark text,
        running_seconds double precision,
        -- Part of the media that annotations cover, in milliseconds: covered, of, gap.
        coverage jsonb,
        document text references documents (sha256),
        primary key (run_id, index)
      );
      create index stage_runs_by_document on stage_runs (document) where document is not null;

      -- Stage runs by state, maintained with each transition so that nothing counts by scanning.
      create table batch_stage_counts (
        batch_id integer not null references batches,
        index integer not null,
        state text not null,
        count integer not null,
        primary key (batch_id, index, state)
      );
      create table batch_mark_counts (
        batch_id integer not null references batches,
        index integer not null,
        mark text not null,
        count integer not null,
        primary key (batch_id, index, mark)
      );
      create table batch_run_counts (
        batch_id integer not null references batches,
        state text not null,
        count integer not null,
        primary key (batch_id, state)
      );
      create table error_groups (
        batch_id integer not null references batches,
        index integer not null,
        fingerprint text not null,
        app text not null,
        outcome text not null,
        sentence text not null,
        count integer not null,
        primary key (batch_id, index, fingerprint)
      );

      -- Position of the recorder in a stream; a recreated stream has another creation time.
      create table recorder_cursor (
        stream text primary key,
        stream_created timestamptz not null,
        sequence bigint not null
      );
      -- Events that the recorder could not read or apply, stored so that the recorder can continue.
      create table recorder_parked (
        stream_created timestamptz not null,
        sequence bigint not null,
        subject text not null,
        reason text not null,
        body bytea not null,
        parked_at timestamptz not null default now(),
        primary key (stream_created, sequence)
      );

      create table used_sign_in_codes (
        code_hash text primary key,
        used_at timestamptz not null default now()
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table used_sign_in_codes, recorder_parked, recorder_cursor, error_groups, batch_run_counts,
        batch_mark_counts, batch_stage_counts, stage_runs, documents, runs, batches, pipeline_stages, pipeline_versions, pipelines,
        media_files, apps, installation;
    `);
  }
}
