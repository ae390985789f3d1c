import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ActionView, BatchView, CollectionView, Page, PipelineView } from '#libs/contracts';
import { type ScriptedApp, startScriptedApp } from '#libs/testing';
import { isCommand } from '../src/http/openapi/api-route.js';
import { ApiRoutes } from '../src/http/openapi/api-routes.js';
import type { HttpClient } from './http-client.js';
import { MP4_HEAD, TestGateway } from './test-gateway.js';

const GUIDS = ['cpb-a', 'cpb-b', 'cpb-c'];
/** An uploaded input document. */
const MMIF = { metadata: { mmif: 'http://mmif.clams.ai/1.0.5' }, documents: [], views: [] };

/** Commands that change nothing worth an audit entry. */
const HARMLESS = ['post /api/pipelines/check', 'post /api/media-files/{guid}/link'];

/** A command, its route, and the expected audit entry. */
interface Sample {
  readonly route: string;
  readonly body?: unknown;
  readonly type?: string;
  readonly action: Partial<ActionView>;
}

let gateway: TestGateway;
let client: HttpClient;
let scripted: ScriptedApp;
let app: string;
let path: string;
let [batch, other, doomed, collection, pipeline]: number[] = [];
beforeAll(async () => {
  gateway = await TestGateway.start();
  ({ client } = gateway);
  scripted = await startScriptedApp({ name: 'shots' });
  app = await gateway.readyApp(scripted.url);
  pipeline = ((await client.post('/api/pipelines', { name: 'shots', stages: [{ app }] })).body as PipelineView).id;
  await gateway.mediaFiles(GUIDS);
  const draft = async () => (await gateway.draft('shots', GUIDS.slice(0, 2))).id;
  [batch, other, doomed] = [await draft(), await draft(), await draft()];
  const created = await client.post('/api/collections', { name: 'News', files: GUIDS });
  collection = (created.body as CollectionView).id;
  path = join(gateway.mediaFolder, 'cpb-new.mp4');
  await writeFile(path, MP4_HEAD);
});
afterAll(() => Promise.all([gateway.close(), scripted.close()]));

const actions = async (query = ''): Promise<ActionView[]> =>
  ((await client.get(`/api/actions?limit=200${query}`)).body as Page<ActionView>).items;
const newest = async () => (await actions())[0]?.id ?? 0;

const samples = (): Sample[] => [
  {
    route: 'post /api/media-files',
    body: { guid: 'cpb-new', path },
    action: { verb: 'register-file', request: { guid: 'cpb-new', path } },
  },
  {
    route: 'patch /api/media-files/{guid}',
    body: { title: 'News' },
    action: { verb: 'change-file', request: { guid: 'cpb-a', title: 'News' } },
  },
  {
    route: 'post /api/media-files/imports',
    body: GUIDS.join('\n'),
    type: 'text/plain',
    action: { verb: 'import-files', answer: expect.objectContaining({ present: 3 }) as ActionView['answer'] },
  },
  {
    route: 'post /api/collections',
    body: { name: 'Weather', files: GUIDS },
    action: { verb: 'create-collection', request: { name: 'Weather' } },
  },
  {
    route: 'patch /api/collections/{id}',
    body: { description: 'Daily' },
    action: { verb: 'change-collection', request: { collection, description: 'Daily' } },
  },
  {
    route: 'post /api/collections/{id}/files',
    body: { remove: ['cpb-a'] },
    action: { verb: 'change-collection-files', answer: { added: 0, removed: 1 } },
  },
  {
    route: 'delete /api/collections/{id}',
    action: { verb: 'delete-collection', request: { collection }, answer: { name: 'News', files: 2 } },
  },
  { route: 'post /api/apps', body: { url: scripted.url, concurrency: 3 }, action: { verb: 'register-app' } },
  {
    route: 'patch /api/apps/{slug}',
    body: { notes: 'Slow' },
    action: { verb: 'change-app', request: { app, notes: 'Slow' } },
  },
  {
    route: 'post /api/pipelines',
    body: { name: 'two', stages: [{ app }, { app }] },
    action: { verb: 'save-pipeline', request: { name: 'two' } },
  },
  {
    route: 'post /api/pipelines/{id}/clone',
    body: { name: 'clone' },
    action: { verb: 'save-pipeline', request: { name: 'clone' } },
  },
  {
    route: 'patch /api/pipelines/{id}',
    body: { description: 'Finds shots' },
    action: { verb: 'change-pipeline', request: { pipeline, description: 'Finds shots' } },
  },
  {
    route: 'post /api/batches',
    body: { name: 'Evening', pipeline: 'shots', files: GUIDS },
    action: { verb: 'create-batch', request: expect.objectContaining({ name: 'Evening' }) as ActionView['request'] },
  },
  { route: 'post /api/batches/{id}/duplicate', body: {}, action: { verb: 'create-batch' } },
  {
    route: 'post /api/batches/combine',
    body: { name: 'Both', batches: [batch, other] },
    action: { verb: 'create-batch', request: { name: 'Both', batches: [batch, other] } },
  },
  {
    route: 'patch /api/batches/{id}',
    body: { weight: 300 },
    action: { verb: 'change-batch', request: { batch, weight: 300 }, batches: [batch!] },
  },
  {
    route: 'post /api/batches/{id}/files',
    body: { add: ['cpb-c'] },
    action: { verb: 'change-batch-files', answer: { added: 1, removed: 0 }, batches: [batch!] },
  },
  {
    route: 'put /api/batches/{id}/inputs/{guid}',
    body: MMIF,
    action: { verb: 'give-input', batches: [batch!] },
  },
  {
    route: 'delete /api/batches/{id}/inputs/{guid}',
    action: { verb: 'take-back-input', request: { batch, guid: 'cpb-a' }, batches: [batch!] },
  },
  {
    route: 'post /api/batches/{id}/start',
    body: { trial: 1 },
    action: { verb: 'start-batch', request: { batch, trial: 1 }, answer: { result: 'started' }, batches: [batch!] },
  },
  { route: 'put /api/retention', body: { keep: 'final', days: 30 }, action: { verb: 'change-retention', batches: [] } },
  {
    route: 'put /api/batches/{id}/retention',
    body: { keep: 'all' },
    action: { verb: 'change-retention', batches: [batch!] },
  },
];

const addressOf = (route: string): string =>
  route
    .split(' ')[1]!
    .replace('collections/{id}', `collections/${collection}`)
    .replace('pipelines/{id}', `pipelines/${pipeline}`)
    .replace('{id}', String(batch))
    .replace('{guid}', 'cpb-a')
    .replace('{slug}', app);

async function send(address: string, { route, body, type }: Sample, key = randomUUID()): Promise<number> {
  const headers = { 'idempotency-key': key, ...(type === undefined ? {} : { 'content-type': type }) };
  const { status } = await client.send(route.split(' ')[0]!.toUpperCase(), address, { headers, body });
  return status;
}

describe('the audit log', () => {
  it('records each command once with its actor, even if the command is repeated with its key', async () => {
    const { body: session } = await client.get('/api/session');
    for (const sample of samples()) {
      const [before, address, key] = [await newest(), addressOf(sample.route), randomUUID()];
      const statuses = [await send(address, sample, key), await send(address, sample, key)];
      expect([sample.route, statuses.filter((status) => status >= 300)]).toEqual([sample.route, []]);
      const kept = (await actions()).filter(({ id }) => id > before);
      expect([sample.route, kept]).toEqual([
        sample.route,
        [expect.objectContaining({ ...sample.action, actor: (session as { actor: string }).actor })],
      ]);
    }
  });

  it('records every command that the gateway carries out', () => {
    const commands = gateway.app
      .get(ApiRoutes, { strict: false })
      .list()
      .filter((route) => isCommand(route) && !route.isKeptByScheduler)
      .map(({ method, path: of }) => `${method} ${of}`)
      .filter((route) => !HARMLESS.includes(route));
    // The tests below cover refreshing (only a change is recorded) and deleting (found by batch id).
    const elsewhere = ['post /api/apps/{slug}/refresh', 'delete /api/batches/{id}'];
    expect(new Set([...samples().map(({ route }) => route), ...elsewhere])).toEqual(new Set(commands));
  });

  it('omits commands that were rejected, previewed or without effect', async () => {
    const before = await newest();
    const again = { name: 'two', stages: [{ app }, { app }] };
    const tried = [
      await client.post(`/api/batches/${batch}/start`),
      await client.send('PATCH', '/api/batches/999999', { body: { weight: 1 } }),
      await client.post('/api/batches', { name: 'None', pipeline: 'shots', files: ['stranger'] }),
      await client.post('/api/media-files/imports?dryRun=true', { guids: GUIDS }),
      await client.send('PUT', '/api/retention?dryRun=true', { body: { keep: 'all' } }),
      await client.post('/api/pipelines', again),
      await client.post(`/api/apps/${app}/refresh`, {}),
      await client.send('PATCH', `/api/apps/${app}`, { body: { notes: 'Slow' } }),
      await client.post('/api/media-files', { guid: 'cpb-new', path }),
      await client.post(`/api/batches/${other}/files`, { add: ['cpb-a'] }),
    ];
    expect(tried.map(({ status }) => status)).toEqual([200, 404, 422, 200, 200, 200, 200, 200, 200, 200]);
    expect(await newest()).toBe(before);
  });

  it('returns the actions of a batch, even of a deleted one', async () => {
    expect(await client.send('DELETE', `/api/batches/${doomed}`)).toMatchObject({ status: 200 });
    expect(await actions(`&batch=${doomed}`)).toMatchObject([
      { verb: 'delete-batch', request: { batch: doomed }, answer: { name: 'Evening news', runs: 2 } },
      { verb: 'create-batch', answer: { batch: doomed, files: 2 } },
    ]);
    expect(await actions('&batch=999999')).toEqual([]);
  });

  it('records a refresh that changed the metadata of an app', async () => {
    await gateway.query(`update apps set metadata_sha256 = '' where slug = $1`, [app]);
    expect(await client.post(`/api/apps/${app}/refresh`, {})).toMatchObject({ status: 200 });
    expect((await actions())[0]).toMatchObject({ verb: 'refresh-app', request: { app } });
  });

  it('is paged, newest first, and rejects the cursor of another list', async () => {
    const ids = (await actions()).map(({ id }) => id);
    expect(ids).toEqual(ids.toSorted((a, b) => b - a));
    const first = (await client.get('/api/actions?limit=2')).body as Page<ActionView>;
    const second = (await client.get(`/api/actions?limit=2&cursor=${first.next}`)).body as Page<ActionView>;
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(ids.slice(0, 4));
    const { next } = (await client.get('/api/batches?limit=1')).body as Page<BatchView>;
    for (const query of [`cursor=${next}`, 'batch=x', 'limit=0'])
      expect(await client.get(`/api/actions?${query}`)).toMatchObject({ status: 400 });
  });
});
