import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Details of media files, collections and imports. */
export class CollectMediaFiles1764310000000 implements MigrationInterface {
  readonly name = 'CollectMediaFiles1764310000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create extension if not exists pg_trgm;

      alter table media_files
        -- Other columns of the spreadsheet from which it was imported.
        add column metadata jsonb not null default '{}',
        -- Duration; null: unknown.
        add column duration_ms bigint,
        -- When the input that apps get for this file last changed.
        add column changed_at timestamptz not null default now();
      update media_files set changed_at = created_at;
      -- Finds a GUID in any of its spellings.
      create index media_files_by_key on media_files (lower(translate(guid, '_', '-')));
      -- Finds parts of GUID and title; the leading blank makes the first word start like the others.
      create index media_files_search on media_files
        using gin ((' ' || lower(translate(guid || ' ' || title, '_/', '--'))) gin_trgm_ops);
      -- Finds the media files of a state; the runs of one media file are found by their unique key.
      create index runs_by_state on runs (state, media_file_id);

      create table collections (
        id integer generated always as identity primary key,
        name text not null,
        description text not null,
        -- Number of its media files, maintained with each change.
        files integer not null default 0,
        created_by text not null,
        created_at timestamptz not null default now()
      );
      create unique index collections_by_name on collections (lower(name));
      create table collection_files (
        collection_id integer not null references collections,
        media_file_id bigint not null references media_files,
        primary key (collection_id, media_file_id)
      );
      create index collection_files_by_file on collection_files (media_file_id, collection_id);

      create table imports (
        id integer generated always as identity primary key,
        source text not null,
        -- Lines by result.
        counts jsonb not null,
        created_by text not null,
        created_at timestamptz not null default now()
      );
      create table import_lines (
        import_id integer not null references imports,
        -- Position in the import, from 1; a line of text can contain several media files.
        n integer not null,
        line integer not null,
        result text not null,
        given text not null,
        guid text,
        sentence text not null,
        -- Without a foreign key, whose checks would take as long as the import.
        media_file_id bigint,
        primary key (import_id, n)
      );
      create index import_lines_by_result on import_lines (import_id, result, n);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    // The extension is not dropped: it may have existed before.
    await runner.query(`
      drop table import_lines, imports, collection_files, collections;
      drop index runs_by_state, media_files_search, media_files_by_key;
      alter table media_files drop column metadata, drop column duration_ms, drop column changed_at;
    `);
  }
}
