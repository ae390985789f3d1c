import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { ImportCounts, ImportLine, ImportReport, ImportResult, ImportSource, MediaKind } from '#libs/contracts';
import { GUID_KEY } from '../media-files/media-file-keys.js';
import { recordAction } from '../commands/operator-action.js';
import type { PageRange } from '../search/page-range.js';

/** Imports run one after the other: two that add the same files in different orders would deadlock. */
const IMPORT_LOCK_KEY = 712_002;

/** A media file that an import adds. */
export interface ImportedFile {
  readonly guid: string;
  readonly title: string;
  readonly path: string;
  readonly kind: MediaKind;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Changes that an import makes to a registered media file. */
export interface FileUpdate {
  readonly id: number;
  /** Empty: the title does not change. */
  readonly title: string;
  /** Merged into the stored metadata. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** A registered media file by the key of its GUID. */
export interface RegisteredFile {
  readonly key: string;
  readonly id: number;
  readonly guid: string;
  readonly path: string;
}

/** A stored line of a report. */
export interface KeptLine extends ImportLine {
  /** Position in the import, from 1. */
  readonly n: number;
  readonly mediaFileId: number | null;
}

/** Writes an import, all in one transaction. */
export interface ImportWriter {
  registered(keys: readonly string[]): Promise<RegisteredFile[]>;
  /** IDs by GUID; a GUID that was registered concurrently is omitted. */
  add(files: readonly ImportedFile[]): Promise<ReadonlyMap<string, number>>;
  update(files: readonly FileUpdate[]): Promise<void>;
  keep(lines: readonly KeptLine[]): Promise<void>;
}

/** Imports of media files and their reports. */
@Injectable()
export class ImportsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Stores everything that `work` writes and the counts that it returns in one transaction. */
  import(
    source: ImportSource,
    createdBy: string,
    work: (writer: ImportWriter) => Promise<ImportCounts>,
  ): Promise<number> {
    return this.dataSource.transaction(async (manager) => {
      await manager.query('select pg_advisory_xact_lock($1)', [IMPORT_LOCK_KEY]);
      const [{ id }] = await manager.query<[{ id: number }]>(
        `insert into imports (source, counts, created_by) values ($1, '{}', $2) returning id`,
        [source, createdBy],
      );
      const counts = await work(writerOf(manager, id));
      await manager.query('update imports set counts = $2 where id = $1', [id, counts]);
      const command = { verb: 'import-files', actor: createdBy, request: { source } } as const;
      await recordAction(manager, command, { import: id, ...counts });
      return id;
    });
  }

  /** Registered media files with these GUID keys. */
  registered(keys: readonly string[]): Promise<RegisteredFile[]> {
    return registered(this.dataSource, keys);
  }

  /** An import with its results; null when there is no such import. */
  async find(id: number): Promise<Pick<ImportReport, 'source' | 'counts'> | null> {
    const [row] = await this.dataSource.query<Pick<ImportReport, 'source' | 'counts'>[]>(
      'select source, counts from imports where id = $1',
      [id],
    );
    return row ?? null;
  }

  /**
   * Deletes up to `lines` lines of the oldest report that is older than this number of days, and the report with its
   * last line. Returns false when there was none.
   */
  forget({ days, lines }: { readonly days: number; readonly lines: number }): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      const [old] = await manager.query<{ id: number }[]>(
        `select id from imports where created_at < now() - make_interval(days => $1)
         order by id limit 1 for update skip locked`,
        [days],
      );
      if (!old) return false;
      const [, removed] = await manager.query<[unknown[], number]>(
        `delete from import_lines where import_id = $1
           and n in (select n from import_lines where import_id = $1 order by n limit $2)`,
        [old.id, lines],
      );
      if (removed < lines) await manager.query('delete from imports where id = $1', [old.id]);
      return true;
    });
  }

  /** Media files that an import added and whose duration is unknown, by position after `after`. */
  async unmeasured(id: number, after: number, limit: number): Promise<{ n: number; id: number; path: string }[]> {
    const rows = await this.dataSource.query<{ n: number; id: string; path: string }[]>(
      `select l.n, m.id, m.path from import_lines l join media_files m on m.id = l.media_file_id
       where l.import_id = $1 and l.result = 'added' and l.n > $2 and m.duration_ms is null order by l.n limit $3`,
      [id, after, limit],
    );
    return rows.map((row) => ({ ...row, id: Number(row.id) }));
  }

  /** Stores the durations of media files that have none. */
  async measured(files: readonly { readonly id: number; readonly durationMs: number }[]): Promise<void> {
    await this.dataSource.query(
      `update media_files m set duration_ms = t.ms from unnest($1::bigint[], $2::bigint[]) as t(id, ms)
       where m.id = t.id and m.duration_ms is null`,
      [files.map(({ id }) => id), files.map(({ durationMs }) => durationMs)],
    );
  }

  /** Lines of an import by position after `after`; with results, only those lines. */
  lines(id: number, { after, limit }: PageRange, result?: ImportResult): Promise<(ImportLine & { n: number })[]> {
    return this.dataSource.query(
      `select n, line, given, guid, result, sentence from import_lines
       where import_id = $1 and n > $2 ${result === undefined ? '' : 'and result = $4'} order by n limit $3`,
      [id, after ?? 0, limit, ...(result === undefined ? [] : [result])],
    );
  }
}

function registered(connection: Pick<EntityManager, 'query'>, keys: readonly string[]): Promise<RegisteredFile[]> {
  return connection
    .query<(Omit<RegisteredFile, 'id'> & { id: string })[]>(
      `select t.key, m.id, m.guid, m.path from unnest($1::text[]) as t(key) join media_files m on ${GUID_KEY} = t.key`,
      [keys],
    )
    .then((rows) => rows.map(({ key, id, guid, path }) => ({ key, id: Number(id), guid, path })));
}

const writerOf = (manager: EntityManager, id: number): ImportWriter => ({
  registered: (keys) => registered(manager, keys),
  add: async (files) => {
    const added = await manager.query<{ id: string; guid: string }[]>(
      `with added as (
         insert into media_files (guid, title, path, kind, metadata)
         select guid, title, path, kind, metadata
         from jsonb_to_recordset($1::jsonb) as t(guid text, title text, path text, kind text, metadata jsonb)
         on conflict (guid) do nothing returning id, guid
       ), untouched as (insert into untouched_files (media_file_id) select id from added)
       select id, guid from added`,
      [JSON.stringify(files)],
    );
    return new Map(added.map((file) => [file.guid, Number(file.id)]));
  },
  update: async (files) => {
    await manager.query(
      `update media_files m set title = coalesce(nullif(t.title, ''), m.title), metadata = m.metadata || t.metadata
       from jsonb_to_recordset($1::jsonb) as t(id bigint, title text, metadata jsonb) where m.id = t.id`,
      [JSON.stringify(files)],
    );
  },
  keep: async (lines) => {
    await manager.query(
      `insert into import_lines (import_id, n, line, result, given, guid, sentence, media_file_id)
       select $1, n, line, result, given, guid, sentence, "mediaFileId"
       from jsonb_to_recordset($2::jsonb)
         as t(n integer, line integer, result text, given text, guid text, sentence text, "mediaFileId" bigint)`,
      [id, JSON.stringify(lines)],
    );
  },
});
