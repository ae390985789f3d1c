import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import type { JetStreamManager } from 'nats';
import { DOCUMENTS_BUCKET } from '#libs/contracts';
import { createLogger } from '#libs/runtime';
import { startTestNats, type TestNats, waitFor } from '#libs/testing';
import { NatsLink } from '../src/connection/nats-link.js';
import { BucketContent } from '../src/documents/bucket-content.js';
import { DocumentGone } from '../src/errors.js';
import { provision } from '../src/provision/provision.js';

const STREAM = `OBJ_${DOCUMENTS_BUCKET}`;
const SIZE = 400_000;
const SLOW = 30_000;

let nats: TestNats;
let link: NatsLink;
let manager: JetStreamManager;
let content: BucketContent;

beforeAll(async () => {
  nats = await startTestNats({ maxFileStore: '20MB' });
  link = await NatsLink.connect(nats.url, 'test', createLogger('test', 'silent'));
  await provision(link.connection, 'here');
  manager = await link.connection.jetstreamManager();
  content = new BucketContent(link);
}, SLOW);
afterAll(async () => {
  await link.close();
  await nats.stop();
});

const pack = async (run: number) => {
  const { ref } = await link.documents.pack({ batch: 1, run, index: 0 }, randomBytes(SIZE));
  if (!('key' in ref)) throw new Error('The document should be in the bucket.');
  return ref;
};

describe(BucketContent, () => {
  it('lists documents from the oldest on with their hashes, and removes them', async () => {
    const refs = [await pack(1), await pack(2), await pack(3)];
    const listed = await content.list(1, 2);
    expect(listed.map(({ key, sha256 }) => [key, sha256])).toEqual(refs.slice(0, 2).map((r) => [r.key, r.sha256]));
    expect(await content.hashOf(refs[2]!.key)).toBe(refs[2]!.sha256);
    await content.remove(listed[0]!);
    await expect(link.documents.open(refs[0]!, new Uint8Array())).rejects.toThrow(DocumentGone);
    expect((await content.list(1, 9)).map(({ key }) => key)).toEqual(refs.slice(1).map(({ key }) => key));
    for (const object of await content.list(1, 9)) await content.remove(object);
    expect((await content.usage()).bytes).toBe(0);
  });

  it('removes old chunks without an entry only', async () => {
    const { key } = await pack(1);
    await link.publisher.publish(`$O.${DOCUMENTS_BUCKET}.C.orphan`, Buffer.alloc(1000));
    const ids = new Set((await content.list(1, 9)).map(({ id }) => id));
    const before = (await content.usage()).bytes;
    await content.removeOrphans(ids);
    expect((await content.usage()).bytes).toBe(before);
    await content.removeOrphans(ids, 0);
    expect((await content.usage()).bytes).toBeLessThan(before);
    expect((await content.list(1, 9)).map((object) => object.key)).toEqual([key]);
  });
});

describe('a full bucket', () => {
  it('refuses a document and keeps none of its chunks, until there is space', async () => {
    const { bytes, limit } = await content.usage();
    await manager.streams.update(STREAM, { max_bytes: bytes + SIZE / 2 });
    await expect(pack(2)).rejects.toThrow('maximum bytes exceeded');
    expect((await content.usage()).bytes).toBe(bytes);
    await content.remove((await content.list(1, 1))[0]!);
    await pack(2);
    await manager.streams.update(STREAM, { max_bytes: limit });
  });
});

describe('a server whose file store is full', () => {
  it(
    'is noticed after 5 s with its reason, and accepts everything again when there is space',
    async () => {
      await manager.streams.add({ name: 'OTHER', subjects: ['other'], max_msg_size: -1 });
      const fill = async () => {
        for (let nth = 0; nth < 100; nth += 1) await link.publisher.publish('other', Buffer.alloc(500_000));
      };
      await expect(fill()).rejects.toThrow(/insufficient resources|limits exceeded/);
      await expect(pack(3)).rejects.toThrow(/insufficient resources|limits exceeded/);
      const isNoticed = async () => {
        await link.probe();
        return link.refusal();
      };
      const refusal = await waitFor(isNoticed, { within: SLOW, what: 'The notice' });
      expect(refusal.reason).toMatch(/insufficient resources|limits exceeded/);
      await manager.streams.delete('OTHER');
      const isOver = async () => (await pack(3)) && (await isNoticed()) === null;
      await waitFor(isOver, { within: SLOW, what: 'The end of the refusals' });
    },
    2 * SLOW,
  );
});
