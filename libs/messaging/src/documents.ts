import { createHash, hash, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { constants, createGunzip, gunzip, gzip } from 'node:zlib';
import type { NatsConnection } from 'nats';
import { z } from 'zod';
import { type DocumentRef, DOCUMENTS_BUCKET, INLINE_DOCUMENT_BYTES, type StageAddress } from '#libs/contracts';
import { DocumentUnavailable } from './errors.js';
import type { LeanPublisher } from './lean-publisher.js';
import { readLast } from './stored-message.js';

const compress = promisify(gzip);
const decompress = promisify(gunzip);

const CHUNK_BYTES = 128 * 1024;
const REQUEST_TIMEOUT_MS = 10_000;
const NOT_FOUND = 404;
const STREAM = `OBJ_${DOCUMENTS_BUCKET}`;

const base64Url = (bytes: Buffer) => bytes.toString('base64').replaceAll('+', '-').replaceAll('/', '_');
const metaSubject = (name: string) => `$O.${DOCUMENTS_BUCKET}.M.${base64Url(Buffer.from(name))}`;
const chunkSubject = (id: string) => `$O.${DOCUMENTS_BUCKET}.C.${id}`;

/** Lower-case hexadecimal sha256 of a document's bytes. */
export const sha256 = (bytes: Uint8Array): string => hash('sha256', bytes, 'hex');

/** What is read of an object's entry in the bucket. */
const objectInfoSchema = z.object({ chunks: z.int(), nuid: z.string(), deleted: z.boolean().optional() });
type ObjectInfo = z.infer<typeof objectInfoSchema>;

type StoredDocumentRef = Extract<DocumentRef, { key: string }>;

/** A document as it goes into a message: its reference, and the bytes that follow the message's first line. */
export interface PackedDocument {
  readonly ref: DocumentRef;
  readonly inline: Uint8Array | undefined;
}

/** A document as it goes into the archive. */
export interface StoredDocument {
  readonly encoding: 'identity' | 'gzip';
  readonly content: Uint8Array;
}

/**
 * Documents on their way between workers: up to 64 KiB inside the message, above that gzipped in the documents
 * bucket under a random name. Written in the layout of JetStream object stores (ADR-20), so that `nats object get`
 * reads it, but hashed by node:crypto: the client's own store hashes in JavaScript on the event loop.
 */
export class DocumentTransit {
  constructor(
    private readonly connection: NatsConnection,
    private readonly publisher: LeanPublisher,
  ) {}

  /** Makes a document ready for a message about a stage; stores it first when it is large. */
  async pack({ batch, run, index }: StageAddress, document: Uint8Array): Promise<PackedDocument> {
    const identity = { sha256: sha256(document), bytes: document.byteLength };
    if (document.byteLength <= INLINE_DOCUMENT_BYTES) return { ref: { inline: true, ...identity }, inline: document };
    const key = `${batch}/${run}/${index}/${randomUUID()}`;
    await this.put(key, await compress(document, { level: constants.Z_BEST_SPEED }));
    return { ref: { key, ...identity, encoding: 'gzip' }, inline: undefined };
  }

  /** The bytes a reference stands for; throws DocumentUnavailable when they are gone or are not the announced ones. */
  async open(ref: DocumentRef, inline: Uint8Array): Promise<Uint8Array> {
    if ('inline' in ref) return checked(ref, inline);
    const stored = await this.get(ref);
    return checked(ref, ref.encoding === 'identity' ? stored : await unzip(stored, ref.bytes));
  }

  /** The bytes as they are stored, for who does not look into them: never unzipped as a whole. Throws like `open`. */
  async openStored(ref: DocumentRef, inline: Uint8Array): Promise<StoredDocument> {
    if ('inline' in ref || ref.encoding === 'identity') {
      return { encoding: 'identity', content: await this.open(ref, inline) };
    }
    const content = await this.get(ref);
    await checkZipped(ref, content);
    return { encoding: 'gzip', content };
  }

  private async put(name: string, content: Buffer): Promise<void> {
    const id = randomUUID().replaceAll('-', '');
    const chunks = Math.ceil(content.byteLength / CHUNK_BYTES);
    for (let chunk = 0; chunk < chunks; chunk += 1) {
      await this.publisher.publish(chunkSubject(id), content.subarray(chunk * CHUNK_BYTES, (chunk + 1) * CHUNK_BYTES));
    }
    const info = {
      name,
      bucket: DOCUMENTS_BUCKET,
      nuid: id,
      size: content.byteLength,
      chunks,
      digest: `SHA-256=${base64Url(createHash('sha256').update(content).digest())}`,
      mtime: new Date().toISOString(),
      options: { max_chunk_size: CHUNK_BYTES },
    };
    await this.publisher.publish(metaSubject(name), Buffer.from(JSON.stringify(info)), {
      headers: { 'Nats-Rollup': 'sub' },
    });
  }

  private async get({ key }: StoredDocumentRef): Promise<Buffer> {
    const { chunks, nuid } = await this.findObject(key);
    const parts: Uint8Array[] = [];
    let sequence = 1;
    for (let chunk = 0; chunk < chunks; chunk += 1) {
      const query = JSON.stringify({ seq: sequence, next_by_subj: chunkSubject(nuid) });
      const reply = await this.connection.request(`$JS.API.DIRECT.GET.${STREAM}`, query, {
        timeout: REQUEST_TIMEOUT_MS,
      });
      if (reply.headers?.code === NOT_FOUND)
        throw new DocumentUnavailable(`The document ${key} is no longer complete.`);
      sequence = Number(reply.headers?.get('Nats-Sequence')) + 1;
      parts.push(reply.data);
    }
    return Buffer.concat(parts);
  }

  private async findObject(key: string): Promise<ObjectInfo> {
    const meta = await readLast(this.connection, STREAM, metaSubject(key));
    const info = objectInfoSchema.safeParse(meta && parseJson(meta.body));
    if (!info.success || info.data.deleted) {
      throw new DocumentUnavailable(`The document ${key} is no longer in the bucket.`);
    }
    return info.data;
  }
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    return null;
  }
}

function checked(ref: DocumentRef, document: Uint8Array): Uint8Array {
  if (document.byteLength !== ref.bytes || sha256(document) !== ref.sha256) throw otherChecksum();
  return document;
}

const otherChecksum = () => new DocumentUnavailable('The document is not the announced one: its checksum differs.');

/**
 * Unzips to the announced size at most, so that a damaged object cannot fill the memory, and in one piece: pieces
 * would be put together, which takes the memory twice.
 */
async function unzip(stored: Buffer, bytes: number): Promise<Buffer> {
  try {
    return await decompress(stored, {
      maxOutputLength: Math.max(1, bytes),
      chunkSize: Math.max(constants.Z_MIN_CHUNK, bytes),
    });
  } catch (error) {
    throw notUnzipped(error as Error);
  }
}

/** Looks at what a zipped document unzips to, piece by piece. */
async function checkZipped(ref: DocumentRef, stored: Buffer): Promise<void> {
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const piece of Readable.from([stored]).pipe(createGunzip({ chunkSize: CHUNK_BYTES }))) {
      bytes += (piece as Buffer).byteLength;
      if (bytes > ref.bytes) throw new Error(`more than the announced ${ref.bytes} bytes`);
      hash.update(piece as Buffer);
    }
  } catch (error) {
    throw notUnzipped(error as Error);
  }
  if (bytes !== ref.bytes || hash.digest('hex') !== ref.sha256) throw otherChecksum();
}

const notUnzipped = (cause: Error) =>
  new DocumentUnavailable(`The document is not the announced one: it cannot be unzipped (${cause.message}).`, {
    cause,
  });
