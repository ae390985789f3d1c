import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import type { JetStreamManager, ObjectStore } from 'nats';
import { DOCUMENTS_BUCKET, type DocumentRef, INLINE_DOCUMENT_BYTES } from '#libs/contracts';
import { createLogger } from '#libs/runtime';
import { startTestNats, type TestNats } from '#libs/testing';
import { DocumentTransit, sha256 } from '../src/documents/document-transit.js';
import { DocumentUnavailable } from '../src/errors.js';
import { NatsLink } from '../src/connection/nats-link.js';
import { provision } from '../src/provision/provision.js';

const STREAM = `OBJ_${DOCUMENTS_BUCKET}`;
const address = { batch: 3, run: 17, index: 1 };
const nothing = new Uint8Array();

let nats: TestNats;
let link: NatsLink;
let manager: JetStreamManager;
let bucket: ObjectStore;

beforeAll(async () => {
  nats = await startTestNats();
  link = await NatsLink.connect(nats.url, 'test', createLogger('test', 'silent'));
  await provision(link.connection, 'here');
  manager = await link.connection.jetstreamManager();
  bucket = await link.connection.jetstream().views.os(DOCUMENTS_BUCKET);
});

afterAll(async () => {
  await link.close();
  await nats.stop();
});

/** Bytes that cannot be compressed, so that large documents take several chunks. */
const noise = (size: number): Uint8Array => randomBytes(size);

type Stored = Extract<DocumentRef, { key: string }>;

async function packStored(document: Uint8Array): Promise<Stored> {
  const { ref } = await link.documents.pack(address, document);
  if (!('key' in ref)) throw new Error('The document should be in the bucket.');
  return ref;
}

const opening = (ref: DocumentRef) => link.documents.open(ref, nothing);
const openingStored = (ref: DocumentRef, inline: Uint8Array = nothing) => link.documents.openStored(ref, inline);

/** Replaces the content of a stored document. */
const replace = (ref: Stored, content: Uint8Array) =>
  bucket.put({ name: ref.key }, new Blob([Buffer.from(content)]).stream() as Parameters<ObjectStore['put']>[1]);

describe(DocumentTransit, () => {
  it('leaves documents up to 64 KiB unchanged in the message', async () => {
    const document = noise(INLINE_DOCUMENT_BYTES);
    const packed = await link.documents.pack(address, document);
    expect(packed).toEqual({ ref: { inline: true, sha256: sha256(document), bytes: 65_536 }, inline: document });
    expect(await link.documents.open(packed.ref, document)).toEqual(document);
  });

  it('stores larger documents compressed in the bucket, and returns them unchanged', async () => {
    const document = Buffer.from('{"text": "äöü 9007199254740993.10"}\n'.repeat(3000));
    const packed = await link.documents.pack(address, document);
    expect(packed.inline).toBeUndefined();
    expect(packed.ref).toMatchObject({
      key: expect.stringMatching(/^3\/17\/1\/[0-9a-f-]{36}$/) as unknown,
      sha256: sha256(document),
      bytes: document.byteLength,
      encoding: 'gzip',
    });
    expect(Buffer.compare(await opening(packed.ref), document)).toBe(0);
  });

  it('returns 5 MB in many chunks unchanged, and gives each document its own key', async () => {
    const document = noise(5 * 1024 * 1024);
    const [ref, other] = await Promise.all([packStored(document), packStored(document)]);
    expect(sha256(await opening(ref))).toBe(sha256(document));
    expect(ref.key).not.toBe(other.key);
  });

  it('returns documents in their stored form', async () => {
    const document = noise(300_000);
    const { encoding, content } = await openingStored(await packStored(document));
    expect(encoding).toBe('gzip');
    expect(sha256(gunzipSync(content))).toBe(sha256(document));
    const small = await link.documents.pack(address, noise(10));
    expect(await openingStored(small.ref, small.inline)).toEqual({ encoding: 'identity', content: small.inline });
  });

  it('does not return a stored form that differs from the announced document', async () => {
    const ref = await packStored(noise(300_000));
    await expect(openingStored({ ...ref, sha256: sha256(noise(3)) })).rejects.toThrow(/checksum differs/);
    await expect(openingStored({ ...ref, bytes: ref.bytes + 1 })).rejects.toThrow(/checksum differs/);
  });

  it('writes objects that clients of object stores can read', async () => {
    const document = noise(300_000);
    const { key } = await packStored(document);
    const zipped = await bucket.getBlob(key);
    expect(sha256(gunzipSync(zipped!))).toBe(sha256(document));
    expect(await bucket.info(key)).toMatchObject({ name: key, chunks: 3 });
  });

  it('rejects bytes that differ from the announced ones', async () => {
    const { ref } = await link.documents.pack(address, Buffer.from('{"a": 1}'));
    await expect(link.documents.open(ref, Buffer.from('{"a": 2}'))).rejects.toThrow(DocumentUnavailable);
    await expect(link.documents.open(ref, Buffer.from('{"a": 1}\n'))).rejects.toThrow(/checksum differs/);
  });

  it.each([
    ['content that cannot be decompressed', noise(100)],
    ['another compressed document', Buffer.from('H4sIAAAAAAAAA6tWqlCyqgUAO8ZFrgcAAAA=', 'base64')],
  ])('rejects %s in place of a stored document', async (_, content) => {
    const ref = await packStored(noise(100_000));
    await replace(ref, content);
    await expect(opening(ref)).rejects.toThrow(DocumentUnavailable);
    await expect(openingStored(ref)).rejects.toThrow(DocumentUnavailable);
  });

  it('does not decompress more than the announced size', async () => {
    const ref = await packStored(Buffer.alloc(10_000_000));
    await expect(opening({ ...ref, bytes: 70_000 })).rejects.toThrow(/cannot be decompressed/);
    await expect(openingStored({ ...ref, bytes: 70_000 })).rejects.toThrow(/cannot be decompressed/);
  });

  it('names a document that is gone, and one that is incomplete', async () => {
    const gone = await packStored(noise(100_000));
    await bucket.delete(gone.key);
    await expect(opening(gone)).rejects.toThrow(`The document ${gone.key} is no longer in the bucket.`);
    await expect(opening({ ...gone, key: '3/17/1/never' })).rejects.toThrow(DocumentUnavailable);
    const torn = await packStored(noise(400_000));
    const { state } = await manager.streams.info(STREAM);
    await manager.streams.deleteMessage(STREAM, state.last_seq - 1);
    await expect(opening(torn)).rejects.toThrow(`The document ${torn.key} is incomplete.`);
  });

  it('distinguishes an unavailable bucket from a document that is gone', async () => {
    const ref = await packStored(noise(100_000));
    await manager.streams.delete(STREAM);
    const failure: unknown = await opening(ref).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Error);
    expect(failure).not.toBeInstanceOf(DocumentUnavailable);
  });
});
