import { afterEach, describe, expect, it } from '@jest/globals';
import { type JetStreamManager, nanos } from 'nats';
import { DOCUMENTS_BUCKET, DOCUMENTS_MAX_BYTES, DOCUMENTS_TTL_SECONDS, STREAMS } from '#libs/contracts';
import { createLogger } from '#libs/runtime';
import { startTestNats, type TestNats, waitFor } from '#libs/testing';
import { NatsLink } from '../src/connection/nats-link.js';
import { provision } from '../src/provision/provision.js';
import { StoreLimits } from '../src/provision/store-limits.js';

const DOCUMENTS = `OBJ_${DOCUMENTS_BUCKET}`;
const MIB = 1024 ** 2;
const LOG = createLogger('test', 'silent');

let nats: TestNats;
let link: NatsLink;
let manager: JetStreamManager;

async function open(maxFileStore: string): Promise<void> {
  nats = await startTestNats({ maxFileStore });
  link = await NatsLink.connect(nats.url, 'test', LOG);
  manager = await link.connection.jetstreamManager();
}

afterEach(async () => {
  await link.close();
  await nats.stop();
});

const limitOf = async (stream: string) => (await manager.streams.info(stream)).config.max_bytes;

describe('the limits of streams', () => {
  it('bound the documents bucket, which refuses documents when it is full', async () => {
    await open('64GB');
    const limits = new StoreLimits();
    await provision(link.connection, 'here', { limits });
    const { config } = await manager.streams.info(DOCUMENTS);
    expect(config).toMatchObject({
      max_bytes: DOCUMENTS_MAX_BYTES,
      discard: 'new',
      max_age: nanos(DOCUMENTS_TTL_SECONDS * 1000),
    });
    expect(limits.notice).toBeNull();
  });

  it('are reduced on a small server, and stay the same in the next round', async () => {
    await open('32MB');
    const limits = new StoreLimits();
    await provision(link.connection, 'here', { limits });
    const before = await Promise.all([DOCUMENTS, STREAMS.stages.name].map(limitOf));
    expect(before[0]).toBeGreaterThan(10 * MIB);
    expect(before[1]).toBeGreaterThan(2 * MIB);
    await provision(link.connection, 'here', { limits });
    expect(await Promise.all([DOCUMENTS, STREAMS.stages.name].map(limitOf))).toEqual(before);
    expect(limits.notice).toMatch(/OBJ_documents \d+ MiB/);
  });

  it('are set in a data folder of the previous version while documents are stored, and lose none', async () => {
    await open('20GB');
    for (const { name, subjects, maxBytes, storage } of Object.values(STREAMS)) {
      await manager.streams.add({ name, subjects: [...subjects], max_bytes: maxBytes, storage: storage as never });
    }
    await link.connection.jetstream().views.os(DOCUMENTS_BUCKET, { ttl: nanos(DOCUMENTS_TTL_SECONDS * 1000) });
    const pack = (run: number) => link.documents.pack({ batch: 1, run, index: 0 }, Buffer.alloc(200_000, run));
    const before = await pack(1);
    const during = Array.from({ length: 20 }, (_, run) => pack(run + 2));
    await provision(link.connection, 'here');
    expect(await limitOf(DOCUMENTS)).toBeLessThan(20 * 1024 * MIB);
    for (const { ref } of [before, ...(await Promise.all(during))]) {
      expect(await link.documents.open(ref, new Uint8Array())).toHaveLength(200_000);
    }
  });

  it('keep the streams of a server whose own limit was lowered', async () => {
    await open('64GB');
    await provision(link.connection, 'here', { limits: new StoreLimits(20 * 1024 * MIB) });
    const before = await limitOf(STREAMS.stages.name);
    await nats.restart({ maxFileStore: '1GB' });
    await waitFor(() => link.isConnected());
    const limits = new StoreLimits();
    await provision(link.connection, 'here', { limits });
    expect(limits.notice).toMatch(/refuses new limits/);
    expect(await limitOf(STREAMS.stages.name)).toBe(before);
  });
});
