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
