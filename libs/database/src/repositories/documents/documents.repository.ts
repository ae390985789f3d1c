import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { MediaKind } from '#libs/contracts';
import type { ArchivedDocument } from '../state/stage-change.js';

const decompress = promisify(gunzip);

/** The document of one stage run, without its content. */
export interface StageDocument extends Omit<ArchivedDocument, 'content'> {
  readonly guid: string;
  /** Slug of the app that produced it. */
  readonly app: string;
  /** Stored size in bytes. */
  readonly storedBytes: number;
}

/** Identifies one attempt of a stage; the root is in nanoseconds since 1970, as a decimal string. */
export interface Attempt {
  readonly generation: number;
  readonly root: string;
}

/** The document with which a run begins. */
export interface RunInput {
  readonly guid: string;
  /** The chosen or uploaded document, without its content; null: a blank document that names the source. */
  readonly document: Pick<StageDocument, 'sha256' | 'bytes' | 'encoding' | 'storedBytes'> | null;
  /** What the blank document names. */
  readonly source: { readonly path: string; readonly kind: MediaKind; readonly vocabulary: 'old' | 'new' };
}

interface RunInputRow {
  readonly guid: string;
  readonly path: string;
  readonly kind: MediaKind;
  readonly vocabulary: 'old' | 'new';
  /** The choice of the input is made when the batch is started. */
  readonly isOpen: boolean;
  readonly inputDocument: string | null;
  readonly bytes: string | null;
  readonly encoding: 'gzip' | 'identity';
  readonly storedBytes: number;
}

const INPUT = `
  select m.guid, m.path, m.kind, v.source_vocabulary as vocabulary, r.input_document as "inputDocument",
    b.state = 'draft' and b.input->>'kind' <> 'source' as "isOpen", d.bytes, d.encoding,
    d.stored_bytes as "storedBytes"
  from runs r join batches b on b.id = r.batch_id join pipeline_versions v on v.id = b.pipeline_version_id
    join media_files m on m.id = r.media_file_id left join documents d on d.sha256 = r.input_document
  where r.id = $1`;

type StageDocumentRow = Omit<StageDocument, 'bytes'> & { readonly bytes: string | null };

/** The current attempt or the given one; a stage with a result has had a document. */
const OF_STAGE = `
  select d.sha256, d.bytes, d.encoding, d.stored_bytes as "storedBytes", m.guid, a.slug as app
  from (
      select run_id, index, state, document from stage_runs
      where run_id = $1 and index = $2 and ($3::int is null or generation = $3 and root = $4::bigint)
      union all
      select run_id, index, state, document from past_stage_runs
      where run_id = $1 and index = $2 and generation = $3 and root = $4::bigint
    ) s
    join runs r on r.id = s.run_id join media_files m on m.id = r.media_file_id join batches b on b.id = r.batch_id
    join pipeline_stages p on p.version_id = b.pipeline_version_id and p.index = s.index
    join apps a on a.id = p.app_id
    left join documents d on d.sha256 = s.document
  where s.document is not null or s.state in ('done', 'skipped')`;

/** The archive of MMIF documents. */
@Injectable()
export class DocumentsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * The output of a stage run or of a past attempt; null when there is no such attempt or it has no output; 'removed'
   * when its output was removed.
   */
  async ofStage(
    runId: number,
    index: number,
    attempt: Attempt | null = null,
  ): Promise<StageDocument | 'removed' | null> {
    const [row] = await this.dataSource.query<StageDocumentRow[]>(OF_STAGE, [
      runId,
      index,
      attempt?.generation ?? null,
      attempt?.root ?? null,
    ]);
    if (!row) return null;
    return row.bytes === null ? 'removed' : { ...row, bytes: Number(row.bytes) };
  }

  /**
   * The document with which a run begins; null when there is no such run or its input is not chosen yet; 'removed'
   * when the document was removed.
   */
  async inputOf(runId: number): Promise<RunInput | 'removed' | null> {
    const [row] = await this.dataSource.query<RunInputRow[]>(INPUT, [runId]);
    if (!row) return null;
    const { guid, path, kind, vocabulary, isOpen, inputDocument: sha256, bytes, encoding, storedBytes } = row;
    const source = { path, kind, vocabulary };
    if (sha256 === null) return isOpen ? null : { guid, document: null, source };
    if (bytes === null) return 'removed';
    return { guid, document: { sha256, bytes: Number(bytes), encoding, storedBytes }, source };
  }

  /** The content of a document that the database refers to; throws when it is missing. */
  async read(sha256: string): Promise<Buffer> {
    const document = await this.find(sha256);
    if (!document) throw new Error(`The document ${sha256} is not in the archive.`);
    const { encoding, content } = document;
    return encoding === 'gzip' ? decompress(content) : content;
  }

  /** A stored document; null when it was never stored or was removed. */
  async find(sha256: string): Promise<Pick<ArchivedDocument, 'encoding' | 'content'> | null> {
    const [row] = await this.dataSource.query<Pick<ArchivedDocument, 'encoding' | 'content'>[]>(
      'select encoding, content from documents where sha256 = $1',
      [sha256],
    );
    return row ?? null;
  }
}
