import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { BatchView, Page } from '#libs/contracts';
import type { Answer, HttpClient } from './http-client.js';
import { TestGateway } from './test-gateway.js';

const GUIDS = ['cpb-a', 'cpb-b', 'cpb-c'];

let gateway: TestGateway;
let other: TestGateway;
beforeAll(async () => {
  gateway = await TestGateway.start();
  other = await gateway.another();
  await gateway.prepare({ stages: 1, files: GUIDS });
});
afterAll(async () => {
  await other.close();
  await gateway.close();
});
beforeEach(() => {
  gateway.wakeUps.splice(0);
  other.wakeUps.splice(0);
});

const BATCH = { name: 'Evening news', pipeline: 'shots', files: GUIDS };
const keyed = (key: string) => ({ 'idempotency-key': key });
const create = (key: string, change: object = {}, { client } = gateway): Promise<Answer> =>
  client.post('/api/batches', { ...BATCH, ...change }, keyed(key));
const namedBatches = async (client: HttpClient, name: string) =>
  ((await client.get('/api/batches?limit=200')).body as Page<BatchView>).items.filter((batch) => batch.name === name);

describe('a command with an Idempotency-Key', () => {
  it('returns the same answer when repeated and takes effect once', async () => {
    const key = randomUUID();
    const first = await create(key, { name: 'once' });
    const second = await create(key, { name: 'once' }, other);
    expect(first).toMatchObject({ status: 201, body: { name: 'once' } });
    expect(first.headers).not.toHaveProperty('idempotency-replayed');
    expect(second.headers).toHaveProperty('idempotency-replayed', 'true');
    expect([second.status, second.bytes]).toEqual([first.status, first.bytes]);
    expect(await namedBatches(gateway.client, 'once')).toHaveLength(1);
  });

  it('takes effect again without the key or with another key', async () => {
    await create(randomUUID(), { name: 'thrice' });
    await create(randomUUID(), { name: 'thrice' });
    await gateway.client.post('/api/batches', { ...BATCH, name: 'thrice' });
    expect(await namedBatches(gateway.client, 'thrice')).toHaveLength(3);
  });

  it.each([
    ['another body', '/api/batches', { ...BATCH, name: 'other' }],
    ['another URL', '/api/batches?x=1', BATCH],
    ['another command', '/api/pipelines', { name: 'other', stages: [] }],
  ])('is rejected for %s', async (_, path, body) => {
    const key = randomUUID();
    await create(key);
    const pipelines = await gateway.client.get('/api/pipelines');
    const answer = await other.client.post(path, body, keyed(key));
    expect(answer).toMatchObject({
      status: 422,
      body: { type: '/problems/idempotency-key-reused', detail: expect.stringContaining('Use a new key') },
    });
    expect(await namedBatches(gateway.client, 'other')).toEqual([]);
    expect((await gateway.client.get('/api/pipelines')).body).toEqual(pipelines.body);
  });

  it('can be repeated after a rejection whose cause is resolved', async () => {
    const key = randomUUID();
    const files = ['cpb-late'];
    expect(await create(key, { files })).toMatchObject({ status: 422, body: { type: '/problems/unknown-files' } });
    await gateway.mediaFiles(files);
    expect(await create(key, { files })).toMatchObject({ status: 201 });
  });

  it('repeats a status that the handler set', async () => {
    const { id } = (await create(randomUUID())).body as BatchView;
    const key = randomUUID();
    const start = () => gateway.client.post(`/api/batches/${id}/start`, undefined, keyed(key));
    const [first, second] = [await start(), await start()];
    expect([first.status, second.status]).toEqual([202, 202]);
    expect(second.bytes).toEqual(first.bytes);
    expect(await gateway.client.post(`/api/batches/${id}/start`)).toMatchObject({ status: 200 });
  });

  it.each(['two keys', 'x'.repeat(256), ''])('is rejected for the invalid key %p', async (key) => {
    expect(await create(key)).toMatchObject({ status: 400, body: { type: '/problems/invalid-idempotency-key' } });
  });

  it('is ignored for read requests', async () => {
    expect(await gateway.client.get('/api/batches', keyed('two keys'))).toMatchObject({ status: 200 });
  });

  it('takes effect once when two clients send it 50 times concurrently', async () => {
    const { id } = (await create(randomUUID())).body as BatchView;
    const key = randomUUID();
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        (index % 2 === 0 ? gateway : other).client.post(`/api/batches/${id}/start`, undefined, keyed(key)),
      ),
    );
    expect(new Set(answers.map(({ status, bytes }) => `${status} ${bytes.toString()}`)).size).toBe(1);
    expect(answers[0]).toMatchObject({ status: 202, body: { summary: { state: 'running', version: 1 } } });
    expect([...gateway.wakeUps, ...other.wakeUps]).toEqual([`job.${id}.submitted`]);
  });

  it.each([
    ['separate keys', () => keyed(randomUUID())],
    ['no key', () => ({})],
  ])('starts a batch once when two clients send it 50 times concurrently with %s', async (_, headers) => {
    const { id } = (await create(randomUUID())).body as BatchView;
    const answers = await Promise.all(
      Array.from({ length: 50 }, (__, index) =>
        (index % 2 === 0 ? gateway : other).client.post(`/api/batches/${id}/start`, undefined, headers()),
      ),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([...Array(49).fill(200), 202]);
    for (const { body } of answers) expect(body).toMatchObject({ summary: { state: 'running', version: 1 } });
    expect([...gateway.wakeUps, ...other.wakeUps]).toEqual([`job.${id}.submitted`]);
  });

  it('leaves database connections free while many requests wait for it', async () => {
    const key = randomUUID();
    const waiting = Array.from({ length: 30 }, () => create(key, { name: 'many' }));
    expect(await gateway.client.get('/api/batches')).toMatchObject({ status: 200 });
    expect(new Set((await Promise.all(waiting)).map(({ status }) => status))).toEqual(new Set([201]));
    expect(await namedBatches(gateway.client, 'many')).toHaveLength(1);
  });
});
