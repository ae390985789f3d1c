import { createHash, hash, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { constants, createGunzip, gunzip, gzip } from 'node:zlib';
import type { NatsConnection } from 'nats';
import { type DocumentRef, INLINE_DOCUMENT_BYTES, type StageAddress } from '#libs/contracts';
import { DocumentUnavailable } from '../errors.js';
import type { LeanPublisher } from '../publish/lean-publisher.js';
import { ObjectBucket } from './object-bucket.js';

const compress = promisify(gzip);
const decompress = promisify(gunzip);

const CHUNK_BYTES = 128 * 1024;

/** Lower-case hexadecimal sha256 of a document's bytes. */
export const sha256 = (bytes: Uint8Array): string => hash('sha256', bytes, 'hex');

/** A document prepared for a message: its reference, and the bytes that follow the message's first line. */
export interface PackedDocument {
  readonly ref: DocumentRef;
  readonly inline: Uint8Array | undefined;
}

/** A document prepared for the archive. */
export interface StoredDocument {
  readonly encoding: 'identity' | 'gzip';
  readonly content: Uint8Array;
}

/**
 * Documents in transit between workers: up to 64 KiB inside the message, larger ones gzipped in the documents bucket
 * under a random name.
 */
export class DocumentTransit {
  private readonly bucket: ObjectBucket;

  constructor(connection: NatsConnection, publisher: LeanPublisher) {
    this.bucket = new ObjectBucket(connection, publisher);
  }

  /** Prepares a document for a message about a stage; stores it first when it is large. */
  async pack({ batch, run, index }: StageAddress, document: Uint8Array): Promise<PackedDocument> {
    const identity = { sha256: sha256(document), bytes: document.byteLength };
    if (document.byteLength <= INLINE_DOCUMENT_BYTES) return { ref: { inline: true, ...identity }, inline: document };
    const key = `${batch}/${run}/${index}/${randomUUID()}`;
    const zipped = await compress(document, { level: constants.Z_BEST_SPEED });
    await this.bucket.put(key, zipped, { sha256: identity.sha256 });
    return { ref: { key, ...identity, encoding: 'gzip' }, inline: undefined };
  }

  /** The bytes of a reference; throws DocumentGone when they are gone, DocumentUnavailable when they differ. */
  async open(ref: DocumentRef, inline: Uint8Array): Promise<Uint8Array> {
    if ('inline' in ref) return checked(ref, inline);
    const stored = await this.bucket.get(ref.key);
    return checked(ref, ref.encoding === 'identity' ? stored : await unzip(stored, ref.bytes));
  }

  /** The bytes in their stored form, checked without decompressing them as a whole. Throws like `open`. */
  async openStored(ref: DocumentRef, inline: Uint8Array): Promise<StoredDocument> {
    if ('inline' in ref || ref.encoding === 'identity') {
      return { encoding: 'identity', content: await this.open(ref, inline) };
    }
    const content = await this.bucket.get(ref.key);
    await checkZipped(ref, content);
    return { encoding: 'gzip', content };
  }
}

function checked(ref: DocumentRef, document: Uint8Array): Uint8Array {
  if (document.byteLength !== ref.bytes || sha256(document) !== ref.sha256) throw wrongChecksum();
  return document;
}

const wrongChecksum = () => new DocumentUnavailable('The document is not the announced one: its checksum differs.');

/**
 * Decompresses at most the announced size, so that a damaged object cannot fill the memory, and in one piece, because
 * joining pieces would take the memory twice.
 */
async function unzip(stored: Buffer, bytes: number): Promise<Buffer> {
  try {
    return await decompress(stored, {
      maxOutputLength: Math.max(1, bytes),
      chunkSize: Math.max(constants.Z_MIN_CHUNK, bytes),
    });
  } catch (error) {
    throw notDecompressed(error as Error);
  }
}

async function checkZipped(ref: DocumentRef, stored: Buffer): Promise<void> {
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const piece of Readable.from([stored]).pipe(createGunzip({ chunkSize: CHUNK_BYTES }))) {
      bytes += (piece as Buffer).byteLength;
      if (bytes > ref.bytes) throw new Error(`it has more than the announced ${ref.bytes} bytes`);
      hash.update(piece as Buffer);
    }
  } catch (error) {
    throw notDecompressed(error as Error);
  }
  if (bytes !== ref.bytes || hash.digest('hex') !== ref.sha256) throw wrongChecksum();
}

const notDecompressed = (cause: Error) =>
  new DocumentUnavailable(`The document cannot be decompressed (${cause.message}).`, { cause });
