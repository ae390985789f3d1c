import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { MediaFileRow, MediaFileSearch, MediaFileView, MediaKind } from '#libs/contracts';
import { GUID_KEY } from './media-file-keys.js';
import { chooseMediaFiles } from './media-file-page.js';
import { filesThatFit, fitting, NEWEST_RUN, Values, wordPatterns } from './media-file-search.js';
import { recordAction } from '../commands/operator-action.js';
import type { PageRange } from '../search/page-range.js';
import { type Scope, searchPage } from '../search/text-search.js';

/** A media file to register. */
export interface NewMediaFileRow {
  readonly guid: string;
  readonly title: string;
  readonly path: string;
  readonly kind: MediaKind;
  /** Null (default): the duration is unknown. */
  readonly durationMs?: number | null;
  readonly registeredBy: string;
}

/** Changes to a media file; a new path includes the kind of the new file. */
export interface MediaFileChange {
  readonly title?: string | undefined;
  readonly file?: Pick<NewMediaFileRow, 'path' | 'kind' | 'durationMs'> | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

type Read<View extends { createdAt: string }> = Omit<View, 'id' | 'createdAt' | 'durationMs'> & {
  readonly id: string;
  readonly createdAt: Date;
  readonly durationMs?: string | null;
};

const VIEW = 'm.id, m.guid, m.title, m.path, m.kind, m.created_at as "createdAt"';
const ROW = `${VIEW}, m.duration_ms as "durationMs", coalesce(newest.state, 'never') as status`;

/** The archive's media files. */
@Injectable()
export class MediaFilesRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Registers a media file; an existing one with the same GUID is returned unchanged. */
  async register({
    guid,
    title,
    path,
    kind,
    durationMs = null,
    registeredBy,
  }: NewMediaFileRow): Promise<{ created: boolean; file: MediaFileView }> {
    const added = await this.dataSource.transaction(async (manager) => {
      const [row] = await manager.query<Read<MediaFileView>[]>(
        `with m as (
           insert into media_files (guid, title, path, kind, duration_ms) values ($1, $2, $3, $4, $5)
           on conflict (guid) do nothing returning *
         ), untouched as (insert into untouched_files (media_file_id) select id from m)
         select ${VIEW} from m`,
        [guid, title, path, kind, durationMs],
      );
      const command = { verb: 'register-file', actor: registeredBy, request: { guid, path } } as const;
      if (row) await recordAction(manager, command, {});
      return row;
    });
    if (added) return { created: true, file: viewOf<MediaFileView>(added) };
    const [known] = await this.dataSource.query<[Read<MediaFileView>]>(
      `select ${VIEW} from media_files m where m.guid = $1`,
      [guid],
    );
    return { created: false, file: viewOf<MediaFileView>(known) };
  }

  /** Media files that match a search, in order of registration; with `guid`, the file with this GUID. */
  async list(slice: PageRange, search: MediaFileSearch & { guid?: string | undefined } = {}): Promise<MediaFileRow[]> {
    const patterns = wordPatterns(search.query);
    const page = async (scope: Scope) => {
      const { text, values } = chooseMediaFiles(search, slice, scope);
      return this.dataSource.query<Read<MediaFileRow>[]>(
        `with chosen as materialized (${text})
         select ${ROW} from chosen join media_files m on m.id = chosen.id ${NEWEST_RUN} order by m.id`,
        [...values],
      );
    };
    const rows =
      search.guid === undefined
        ? await searchPage({
            patterns,
            limit: slice.limit,
            page,
            length: () => this.idsBehind(slice.after ?? 0),
            files: (most) => filesThatFit(this.dataSource, patterns, most),
          })
        : await page({ files: await this.named(search.guid, patterns) });
    return rows.map(viewOf<MediaFileRow>);
  }

  private async idsBehind(id: number): Promise<number> {
    const [last] = await this.dataSource.query<{ id: string }[]>('select id from media_files order by id desc limit 1');
    return last ? Number(last.id) - id : 0;
  }

  /** The ID of the media file with a GUID, if it matches all patterns. */
  private async named(guid: string, patterns: readonly string[]): Promise<string[]> {
    const values = new Values();
    const conditions = [`m.guid = ${values.add(guid)}`, ...fitting(patterns, values)];
    const rows = await this.dataSource.query<{ id: string }[]>(
      `select m.id from media_files m where ${conditions.join(' and ')}`,
      values.list,
    );
    return rows.map(({ id }) => id);
  }

  /** Media files whose GUIDs have a key; several when two spellings are registered. */
  async ofKey(key: string): Promise<MediaFileView[]> {
    const rows = await this.dataSource.query<Read<MediaFileView>[]>(
      `select ${VIEW} from media_files m where ${GUID_KEY} = $1 order by m.id`,
      [key],
    );
    return rows.map(viewOf<MediaFileView>);
  }

  /** A media file by ID; null when there is no such file. */
  async find(id: number): Promise<MediaFileView | null> {
    const [row] = await this.dataSource.query<Read<MediaFileView>[]>(
      `select ${VIEW} from media_files m where m.id = $1`,
      [id],
    );
    return row ? viewOf<MediaFileView>(row) : null;
  }

  /** Changes the given properties; a new path also updates the time of change and the duration. */
  async change(id: number, { title, file, metadata }: MediaFileChange, actor: string): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const [[changed]] = await manager.query<[{ guid: string }[], number]>(
        `update media_files set
         title = coalesce($2, title), metadata = coalesce($3::jsonb, metadata),
         changed_at = case when path = coalesce($4, path) then changed_at else now() end,
         duration_ms = case when $4::text is null then duration_ms else $6::bigint end,
         path = coalesce($4, path), kind = coalesce($5, kind)
       where id = $1 returning guid`,
        [id, title ?? null, metadata ?? null, file?.path ?? null, file?.kind ?? null, file?.durationMs ?? null],
      );
      const request = { guid: changed?.guid, title, path: file?.path, metadata };
      if (changed) await recordAction(manager, { verb: 'change-file', actor, request }, {});
    });
  }
}

/** Maps a row; the driver returns bigint as text. */
const viewOf = <View extends { createdAt: string }>(row: Read<View>): View =>
  ({
    ...row,
    id: Number(row.id),
    createdAt: row.createdAt.toISOString(),
    ...(row.durationMs === undefined ? {} : { durationMs: row.durationMs === null ? null : Number(row.durationMs) }),
  }) as unknown as View;
