import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type BatchView, type Page, readCell } from '#libs/contracts';
import type { HttpClient } from './http-client.js';
import { firstRun, record } from './recorded-stage.js';
import { TestGateway } from './test-gateway.js';

const GUIDS = ['cpb-a', 'cpb-b', 'cpb-c'];

let gateway: TestGateway;
let client: HttpClient;
let app: string;
beforeAll(async () => {
  gateway = await TestGateway.start();
  ({ client } = gateway);
  app = await gateway.prepare({ stages: 2, files: GUIDS });
});
afterAll(() => gateway.close());
beforeEach(() => void gateway.wakeUps.splice(0));

const create = (change: object) =>
  client.post('/api/batches', { name: 'Evening news', pipeline: 'shots', files: GUIDS, ...change });
const start = (id: number) => client.post(`/api/batches/${id}/start`);

describe('creating a batch', () => {
  it('creates a draft with waiting runs and the newest version of the pipeline', async () => {
    const answer = await create({ name: ' Evening news ' });
    expect(answer).toMatchObject({
      status: 201,
      body: {
        name: 'Evening news',
        pipeline: { name: 'shots', version: 1 },
        files: 3,
        createdBy: 'local',
        startedAt: null,
        finishedAt: null,
        summary: { version: 0, state: 'draft', runs: { waiting: 3, running: 0 }, errors: [] },
      },
    });
    const { id } = answer.body as BatchView;
    expect(await client.get(`/api/batches/${id}`)).toMatchObject({ status: 200, body: answer.body });
    expect(gateway.wakeUps).toEqual([]);
  });

  it('rejects an unknown pipeline', async () => {
    expect(await create({ pipeline: 'nothing' })).toMatchObject({
      status: 422,
      body: { type: '/problems/unknown-pipeline', detail: expect.stringContaining('"nothing"') },
    });
  });

  it('names some of the unknown files and counts the others', async () => {
    expect(await create({ files: ['cpb-x', ...GUIDS] })).toMatchObject({
      status: 422,
      body: {
        type: '/problems/unknown-files',
        detail: expect.stringMatching(/^1 media file is not registered.*: cpb-x\.$/),
      },
    });
    const many = Array.from({ length: 30 }, (_, n) => `stranger-${n}`);
    const { detail } = (await create({ files: many })).body as { detail: string };
    expect(detail).toMatch(/^30 media files are not registered/);
    expect(detail).toMatch(/stranger-0, .*stranger-19 and 10 more\.$/);
  });

  it('names the duplicate files', async () => {
    expect(await create({ files: ['cpb-a', 'cpb-b', 'cpb-a', 'cpb-a'] })).toMatchObject({
      status: 422,
      body: {
        type: '/problems/duplicate-files',
        detail: expect.stringContaining('1 media file is named more than once'),
      },
    });
  });

  it('names the files of a kind that an app in the pipeline cannot read', async () => {
    const path = join(gateway.mediaFolder, 'talk.mp3');
    await writeFile(path, 'ID3 sound');
    await client.post('/api/media-files', { guid: 'cpb-talk', path });
    expect(await create({ files: ['cpb-a', 'cpb-talk'] })).toMatchObject({
      status: 422,
      body: {
        type: '/problems/unreadable-files',
        detail:
          '1 media file is audio, which this pipeline cannot read (shots_v1 reads video, not audio); ' +
          'leave them out, or use another pipeline: cpb-talk.',
      },
    });
    expect(await create({ files: ['cpb-a', 'cpb-b'] })).toMatchObject({ status: 201 });
  });

  it('stores nothing when it is rejected', async () => {
    const count = async () => ((await client.get('/api/batches?limit=200')).body as Page<BatchView>).items.length;
    const before = await count();
    await create({ files: ['cpb-a', 'stranger'] });
    await create({ pipeline: 'nothing' });
    await create({ files: [] });
    expect(await count()).toBe(before);
  });

  it('rejects invalid bodies with the position of the error', async () => {
    for (const [change, path] of [
      [{ files: [] }, 'files'],
      [{ files: ['cpb-a', 7] }, 'files.1'],
      [{ files: ['x'.repeat(1000)] }, 'files.0'],
      [{ name: ' ' }, 'name'],
      [{ pipeline: undefined }, 'pipeline'],
      [{ start: true }, ''],
    ] as const)
      expect(await create(change)).toMatchObject({
        status: 400,
        body: { type: '/problems/invalid-request', errors: [{ path, message: expect.any(String) }] },
      });
  });
});

describe('starting a batch', () => {
  it('wakes the scheduler', async () => {
    const { id } = await gateway.draft('shots', GUIDS);
    expect(await start(id)).toMatchObject({
      status: 202,
      body: { id, startedAt: expect.stringMatching(/Z$/), summary: { state: 'running', version: 1 } },
    });
    expect(gateway.wakeUps).toEqual([`job.${id}.submitted`]);
  });

  it('takes effect once when ten requests arrive at the same time', async () => {
    const { id } = await gateway.draft('shots', GUIDS);
    const answers = await Promise.all(Array.from({ length: 10 }, () => start(id)));
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(9);
    expect(gateway.wakeUps).toEqual([`job.${id}.submitted`]);
    expect(new Set(answers.map(({ body }) => (body as BatchView).startedAt)).size).toBe(1);
    expect((await start(id)).status).toBe(200);
    expect(gateway.wakeUps).toHaveLength(1);
  });

  it('needs a batch', async () => {
    expect(await start(999_999)).toMatchObject({ status: 404, body: { type: '/problems/unknown-batch' } });
    expect(await client.get('/api/batches/999999')).toMatchObject({ status: 404 });
    expect(gateway.wakeUps).toEqual([]);
  });
});

describe('a list', () => {
  const page = async (path: string) => (await client.get(path)).body as Page<{ id: number; row: number }>;

  it('returns every row once over all pages', async () => {
    for (let n = 0; n < 3; n += 1) await gateway.draft('shots', GUIDS);
    const ids = (await page('/api/batches?limit=200')).items.map(({ id }) => id);
    const seen: number[] = [];
    for (let cursor = ''; ;) {
      const { items, next } = await page(`/api/batches?limit=2${cursor}`);
      expect(items.length).toBeLessThanOrEqual(2);
      seen.push(...items.map(({ id }) => id));
      if (next === null) break;
      cursor = `&cursor=${next}`;
    }
    expect(seen).toEqual(ids);
    expect(ids).toEqual([...ids].sort((a, b) => b - a));
  });

  it('has no next cursor on its last page, even when that page is full', async () => {
    const { id } = await gateway.draft('shots', GUIDS);
    const first = await page(`/api/batches/${id}/runs?limit=2`);
    expect(first.items.map(({ row }) => row)).toEqual([0, 1]);
    const second = await page(`/api/batches/${id}/runs?limit=2&cursor=${first.next}`);
    expect([second.items.map(({ row }) => row), second.next]).toEqual([[2], null]);
    expect((await page(`/api/batches/${id}/runs?limit=3`)).next).toBeNull();
  });

  it('rejects a cursor of another list, of another batch, and an invalid one', async () => {
    const { id } = await gateway.draft('shots', GUIDS);
    const { next: ofBatches } = await page('/api/batches?limit=1');
    const { next: ofRuns } = await page(`/api/batches/${id}/runs?limit=1`);
    const forged = (list: string, key: unknown) => Buffer.from(JSON.stringify([list, key])).toString('base64url');
    for (const path of [
      `/api/apps?cursor=${ofBatches}`,
      `/api/media-files?cursor=${ofBatches}`,
      `/api/pipelines?cursor=${ofBatches}`,
      `/api/batches?cursor=${ofRuns}`,
      `/api/batches/${id - 1}/runs?cursor=${ofRuns}`,
      '/api/batches?cursor=nonsense',
      '/api/batches?cursor=',
      ...[-1, 1.5, '7', 2 ** 40, 2 ** 60].map((key) => `/api/batches?cursor=${forged('batches', key)}`),
      ...['apps', 'pipelines'].map((list) => `/api/${list}?cursor=${forged(list, 2 ** 40)}`),
      `/api/batches/${id}/runs?cursor=${forged(`batches/${id}/runs`, 2 ** 40)}`,
    ])
      expect([path, (await client.get(path)).body]).toEqual([
        path,
        expect.objectContaining({ type: '/problems/invalid-cursor', status: 400 }),
      ]);
  });

  it('returns at most 200 rows per page', async () => {
    for (const list of ['media-files', 'apps', 'pipelines', 'batches', 'batches/1/runs'])
      for (const limit of ['201', '0', '-1', 'many', '1.5', ''])
        expect([list, limit, (await client.get(`/api/${list}?limit=${limit}`)).body]).toEqual([
          list,
          limit,
          expect.objectContaining({ status: 400, errors: [expect.objectContaining({ path: 'limit' })] }),
        ]);
    expect((await client.get('/api/batches?limit=200')).status).toBe(200);
  });

  it('returns 404 for the runs of an unknown batch', async () => {
    expect(await client.get('/api/batches/999999/runs')).toMatchObject({
      status: 404,
      body: { type: '/problems/unknown-batch' },
    });
  });
});

describe('a run', () => {
  it('shows its stages with outcome and next action', async () => {
    const { id } = await gateway.draft('shots', GUIDS);
    await start(id);
    await record(gateway, id, {
      state: 'failed',
      outcome: 'unreachable',
      sentence: 'Nobody answers at http://127.0.0.1:5000.',
      fingerprint: 'shots|unreachable',
    });
    const run = await firstRun(gateway, id);
    expect(await client.get(`/api/runs/${run}`)).toMatchObject({
      status: 200,
      body: {
        id: run,
        batch: id,
        row: 0,
        guid: 'cpb-a',
        state: 'failed',
        stages: [
          { index: 0, app, state: 'failed', outcome: 'unreachable', nextAction: expect.stringContaining('running') },
          { index: 1, app, state: 'waiting', outcome: null, document: null },
        ],
      },
    });
    expect(await client.get(`/api/batches/${id}/runs?limit=1`)).toMatchObject({
      body: {
        items: [
          { id: run, state: 'failed', stages: ['failed', 'waiting'], sentence: expect.stringMatching(/^Nobody/) },
        ],
      },
    });
  });

  it('returns 404 for an unknown or invalid id', async () => {
    for (const id of ['999999', 'x', '9007199254740993', '-1'])
      expect(await client.get(`/api/runs/${id}`)).toMatchObject({
        status: 404,
        body: { type: '/problems/unknown-run' },
      });
  });
});

describe('the cells of a batch', () => {
  const states = (bytes: Uint8Array) => [...bytes].map((code) => readCell(code).state);

  it('have one byte each and a version', async () => {
    const { id } = await gateway.draft('shots', GUIDS);
    await start(id);
    await record(gateway, id, {});
    const answer = await client.get(`/api/batches/${id}/cells`);
    expect(answer).toMatchObject({
      status: 200,
      headers: { 'content-type': 'application/octet-stream', 'x-version': '2', etag: `W/"${id}-2"` },
    });
    expect(states(answer.bytes)).toEqual(['done', 'waiting', 'waiting', 'waiting', 'waiting', 'waiting']);
    const compressed = await client.get(`/api/batches/${id}/cells`, { 'accept-encoding': 'gzip' });
    expect(gunzipSync(compressed.bytes)).toEqual(answer.bytes);
  });

  it('are sent again only after the batch has changed', async () => {
    const { id } = await gateway.draft('shots', GUIDS);
    const { etag } = (await client.get(`/api/batches/${id}/cells`)).headers;
    const ask = () => client.get(`/api/batches/${id}/cells`, { 'if-none-match': etag! });
    expect(await ask()).toMatchObject({ status: 304, headers: { etag, 'x-version': '0' } });
    await start(id);
    expect(await ask()).toMatchObject({ status: 200, headers: { 'x-version': '1' } });
  });

  it('are read once for concurrent requests', async () => {
    const { id } = await gateway.draft('shots', GUIDS);
    const answers = await Promise.all(Array.from({ length: 10 }, () => client.get(`/api/batches/${id}/cells`)));
    expect(new Set(answers.map(({ bytes }) => bytes.toString('hex'))).size).toBe(1);
    await start(id);
    await record(gateway, id, {});
    expect(states((await client.get(`/api/batches/${id}/cells`)).bytes)[0]).toBe('done');
  });

  it('need a batch', async () => {
    expect(await client.get('/api/batches/999999/cells')).toMatchObject({
      status: 404,
      body: { type: '/problems/unknown-batch' },
    });
  });
});
