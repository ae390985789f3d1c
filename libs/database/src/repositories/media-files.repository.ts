import { Injectable } from '@nestjs/common';
import { DataSource, MoreThan } from 'typeorm';
import type { MediaFileView, MediaKind } from '#libs/contracts';
import { MediaFileEntity } from '../entities/media-file.entity.js';
import type { Slice } from './slice.js';

/** A media file to register. */
export interface NewMediaFileRow {
  readonly guid: string;
  readonly title: string;
  readonly path: string;
  readonly kind: MediaKind;
}

/** The archive's media files. */
@Injectable()
export class MediaFilesRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Registers a media file; one with the same GUID stays as it is and is returned. */
  async register(file: NewMediaFileRow): Promise<{ created: boolean; file: MediaFileView }> {
    const { identifiers } = await this.dataSource
      .createQueryBuilder()
      .insert()
      .into(MediaFileEntity)
      .values(file)
      .orIgnore()
      .execute();
    const registered = await this.dataSource.getRepository(MediaFileEntity).findOneByOrFail({ guid: file.guid });
    return { created: identifiers[0] !== undefined, file: viewOf(registered) };
  }

  /** Kinds of the files of these GUIDs, each with its number and the first of its GUIDs in the given order. */
  kindsOf(guids: readonly string[], named: number): Promise<{ kind: MediaKind; count: number; guids: string[] }[]> {
    return this.dataSource.query(
      `select m.kind, count(*)::int as count, (array_agg(m.guid order by t.n))[1:$2::int] as guids
       from unnest($1::text[]) with ordinality as t(guid, n) join media_files m on m.guid = t.guid
       group by m.kind order by m.kind`,
      [guids, named],
    );
  }

  /** Media files in the order of their registration; with `guid` the one of that name. */
  async list({ after, limit }: Slice, guid?: string): Promise<MediaFileView[]> {
    const files = await this.dataSource.getRepository(MediaFileEntity).find({
      where: { ...(guid === undefined ? {} : { guid }), ...(after === null ? {} : { id: MoreThan(after) }) },
      order: { id: 'asc' },
      take: limit,
    });
    return files.map(viewOf);
  }
}

const viewOf = ({ createdAt, ...file }: MediaFileEntity): MediaFileView => ({
  ...file,
  createdAt: createdAt.toISOString(),
});
