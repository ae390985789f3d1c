import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ArchivedDocument } from './stage-change.js';

const decompress = promisify(gunzip);

/** Names the document of one stage run without its content. */
export interface StageDocument {
  readonly sha256: string;
  readonly guid: string;
  /** Slug of the app that made it. */
  readonly app: string;
}

/** The archive of MMIF documents. */
@Injectable()
export class DocumentsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** The output of a stage run; null when there is no such stage run, or it has none. */
  async ofStage(runId: number, index: number): Promise<StageDocument | null> {
    const [row] = await this.dataSource.query<StageDocument[]>(
      `select s.document as sha256, m.guid, a.slug as app
       from stage_runs s join runs r on r.id = s.run_id join media_files m on m.id = r.media_file_id
         join batches b on b.id = r.batch_id
         join pipeline_stages p on p.version_id = b.pipeline_version_id and p.index = s.index
         join apps a on a.id = p.app_id
       where s.run_id = $1 and s.index = $2 and s.document is not null`,
      [runId, index],
    );
    return row ?? null;
  }

  /** The bytes of a document that the database names; throws when it is not there. */
  async read(sha256: string): Promise<Buffer> {
    const { encoding, content } = await this.content(sha256);
    return encoding === 'gzip' ? decompress(content) : content;
  }

  /** The stored bytes of a document that `ofStage` has named. */
  async content(sha256: string): Promise<Pick<ArchivedDocument, 'encoding' | 'content'>> {
    const [row] = await this.dataSource.query<[Pick<ArchivedDocument, 'encoding' | 'content'>]>(
      'select encoding, content from documents where sha256 = $1',
      [sha256],
    );
    return row;
  }
}
