import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { DOCUMENTS_BUCKET } from '#libs/contracts';
import type { NatsLink } from '../connection/nats-link.js';
import { DocumentUnavailable } from '../errors.js';
import { answeredAt } from '../streams/stream-info.js';
import { readNext } from '../streams/stored-message.js';
import { CHUNK_SUBJECTS, chunkSubject, metaSubject, META_SUBJECTS, ObjectBucket, readInfo } from './object-bucket.js';

const STREAM = `OBJ_${DOCUMENTS_BUCKET}`;
const HOUR_MS = 3_600_000;
/** Chunks without an entry may belong to a document that is being stored; after this time its process has given up. */
const ORPHAN_AFTER_MS = HOUR_MS;

/** A document in the bucket. */
export interface BucketObject {
  /** `<batch>/<run>/<index>/<random>`. */
  readonly key: string;
  readonly id: string;
  /** Sequence of its entry: a later document has a higher one. */
  readonly sequence: number;
  /** Stored size in bytes. */
  readonly size: number;
  /** Hash of the document before compression; null for a document that an earlier version of Chowda stored. */
  readonly sha256: string | null;
}

/** The documents bucket as a whole: how full it is, what it holds, and the removal of documents. */
export class BucketContent {
  private readonly bucket: ObjectBucket;

  constructor(private readonly link: NatsLink) {
    this.bucket = new ObjectBucket(link.connection, link.publisher);
  }

  /** Stored bytes, and the limit in bytes; a limit of -1 means that there is none. */
  async usage(): Promise<{ bytes: number; limit: number }> {
    const { state, config } = await (await this.link.connection.jetstreamManager()).streams.info(STREAM);
    return { bytes: state.bytes, limit: config.max_bytes };
  }

  /** The oldest documents from a sequence on, at most `most`. */
  async list(from: number, most: number): Promise<BucketObject[]> {
    const found: BucketObject[] = [];
    for (let sequence = from; found.length < most;) {
      const stored = await readNext(this.link.connection, STREAM, META_SUBJECTS, sequence);
      if (!stored) break;
      sequence = stored.sequence + 1;
      const info = readInfo(stored.body);
      if (!info || info.deleted || info.name === undefined) continue;
      const { name: key, nuid: id, size = 0, metadata } = info;
      found.push({ key, id, sequence: stored.sequence, size, sha256: metadata?.['sha256'] ?? null });
    }
    return found;
  }

  /** The hash of a document that was stored without it; null when the document is gone or damaged. */
  async hashOf(key: string): Promise<string | null> {
    const hash = createHash('sha256');
    try {
      for await (const piece of Readable.from([await this.bucket.get(key)]).pipe(createGunzip())) {
        hash.update(piece as Buffer);
      }
      return hash.digest('hex');
    } catch (error) {
      if (error instanceof DocumentUnavailable || (error as { code?: string }).code?.startsWith('Z_')) return null;
      throw error;
    }
  }

  /** Removes a document. Its chunks go first: after a kill, the entry is found again. */
  async remove({ key, id }: Pick<BucketObject, 'key' | 'id'>): Promise<void> {
    const { streams } = await this.link.connection.jetstreamManager();
    await streams.purge(STREAM, { filter: chunkSubject(id) });
    await streams.purge(STREAM, { filter: metaSubject(key) });
  }

  /**
   * Removes old chunks that no entry names, such as those of a process that was killed while it stored a document;
   * `ids` are the ids of all documents. Their age is measured by the clock of the broker, because chunks that another
   * process stores at the moment have no entry either.
   */
  async removeOrphans(ids: ReadonlySet<string>, olderThanMs = ORPHAN_AFTER_MS): Promise<void> {
    const { streams } = await this.link.connection.jetstreamManager();
    const info = await streams.info(STREAM, { subjects_filter: CHUNK_SUBJECTS });
    const now = answeredAt(info);
    for (const subject of Object.keys(info.state.subjects ?? {})) {
      if (ids.has(subject.slice(chunkSubject('').length))) continue;
      const first = await readNext(this.link.connection, STREAM, subject, 1);
      if (first && now - Number(BigInt(first.timestamp) / 1_000_000n) > olderThanMs) {
        await streams.purge(STREAM, { filter: subject });
      }
    }
  }
}
