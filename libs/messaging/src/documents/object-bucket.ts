import { createHash, randomUUID } from 'node:crypto';
import type { NatsConnection } from 'nats';
import { z } from 'zod';
import { DOCUMENTS_BUCKET } from '#libs/contracts';
import { DocumentGone } from '../errors.js';
import type { LeanPublisher } from '../publish/lean-publisher.js';
import { readLast } from '../streams/stored-message.js';

const CHUNK_BYTES = 128 * 1024;
const REQUEST_TIMEOUT_MS = 10_000;
const NOT_FOUND = 404;
const STREAM = `OBJ_${DOCUMENTS_BUCKET}`;

const base64Url = (bytes: Buffer) => bytes.toString('base64').replaceAll('+', '-').replaceAll('/', '_');
/** Subjects of the entries and of the chunks of all objects. */
export const META_SUBJECTS = `$O.${DOCUMENTS_BUCKET}.M.>`;
export const CHUNK_SUBJECTS = `$O.${DOCUMENTS_BUCKET}.C.>`;
export const metaSubject = (name: string) => `$O.${DOCUMENTS_BUCKET}.M.${base64Url(Buffer.from(name))}`;
export const chunkSubject = (id: string) => `$O.${DOCUMENTS_BUCKET}.C.${id}`;

/** The fields of an object's entry that are used here. */
const objectInfoSchema = z.object({
  name: z.string().optional(),
  chunks: z.int(),
  nuid: z.string(),
  size: z.int().optional(),
  deleted: z.boolean().optional(),
  metadata: z.record(z.string(), z.string()).optional(),
});
type ObjectInfo = z.infer<typeof objectInfoSchema>;

interface NewObject {
  readonly name: string;
  readonly content: Buffer;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * The documents bucket, in the layout of JetStream object stores (ADR-20): `nats object get documents <key>` can read
 * it. The client's own object store is not used, because it hashes in JavaScript on the event loop; this one uses
 * node:crypto.
 */
export class ObjectBucket {
  constructor(
    private readonly connection: NatsConnection,
    private readonly publisher: LeanPublisher,
  ) {}

  /** Stores an object: first its chunks, then the entry that makes it visible. A failure leaves no chunk behind. */
  async put(name: string, content: Buffer, metadata: Readonly<Record<string, string>> = {}): Promise<void> {
    const id = randomUUID().replaceAll('-', '');
    try {
      await this.putAs(id, { name, content, metadata });
    } catch (error) {
      // The caller stores the object again under another id, and a full bucket would fill with chunks of its attempts.
      await this.removeChunks(id).catch(() => undefined);
      throw error;
    }
  }

  private async putAs(id: string, { name, content, metadata }: NewObject): Promise<void> {
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
      metadata,
    };
    await this.publisher.publish(metaSubject(name), Buffer.from(JSON.stringify(info)), {
      headers: { 'Nats-Rollup': 'sub' },
    });
  }

  /** The content of an object; throws DocumentGone when it was deleted or is incomplete. */
  async get(name: string): Promise<Buffer> {
    const { chunks, nuid } = await this.find(name);
    const parts: Uint8Array[] = [];
    let sequence = 1;
    for (let chunk = 0; chunk < chunks; chunk += 1) {
      const query = JSON.stringify({ seq: sequence, next_by_subj: chunkSubject(nuid) });
      const reply = await this.connection.request(`$JS.API.DIRECT.GET.${STREAM}`, query, {
        timeout: REQUEST_TIMEOUT_MS,
      });
      if (reply.headers?.code === NOT_FOUND) throw new DocumentGone(`The document ${name} is incomplete.`);
      sequence = Number(reply.headers?.get('Nats-Sequence')) + 1;
      parts.push(reply.data);
    }
    return Buffer.concat(parts);
  }

  private async removeChunks(id: string): Promise<void> {
    const request = JSON.stringify({ filter: chunkSubject(id) });
    await this.connection.request(`$JS.API.STREAM.PURGE.${STREAM}`, request, { timeout: REQUEST_TIMEOUT_MS });
  }

  private async find(name: string): Promise<ObjectInfo> {
    const meta = await readLast(this.connection, STREAM, metaSubject(name));
    const info = meta && readInfo(meta.body);
    if (!info || info.deleted) {
      throw new DocumentGone(`The document ${name} is no longer in the bucket.`);
    }
    return info;
  }
}

/** The entry of an object; null when it cannot be read. */
export function readInfo(body: Uint8Array): ObjectInfo | null {
  const info = objectInfoSchema.safeParse(parseJson(body));
  return info.success ? info.data : null;
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    return null;
  }
}
