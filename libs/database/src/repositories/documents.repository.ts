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

/** Names one try of a stage; the root is in nanoseconds since 1970, as a decimal string. */
export interface Attempt {
  readonly generation: number;
  readonly root: string;
}

const OF_STAGE = `
  select s.document as sha256, m.guid, a.slug as app
  from (
      select run_id, index, document from stage_runs
      where run_id = $1 and index = $2 and ($3::int is null or generation = $3 and root = $4::bigint)
      union all
      select run_id, index, document from past_stage_runs
      where run_id = $1 and index = $2 and generation = $3 and root = $4::bigint
    ) s
    join runs r on r.id = s.run_id join media_files m on m.id = r.media_file_id join batches b on b.id = r.batch_id
    join pipeline_stages p on p.version_id = b.pipeline_version_id and p.index = s.index
    join apps a on a.id = p.app_id
  where s.document is not null limit 1`;

/** The archive of MMIF documents. */
@Injectable()
export class DocumentsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** The output of a stage run, or of an earlier try of it; null when there is no such try, or it has none. */
  async ofStage(runId: number, index: number, attempt: Attempt | null = null): Promise<StageDocument | null> {
    const [row] = await this.dataSource.query<StageDocument[]>(OF_STAGE, [
      runId,
      index,
      attempt?.generation ?? null,
      attempt?.root ?? null,
    ]);
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
