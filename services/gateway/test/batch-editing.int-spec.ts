import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type BatchView, type Page, type PipelineView, type RunRow } from '#libs/contracts';
import type { HttpClient } from './http-client.js';
import { record } from './recorded-stage.js';
import { TestGateway } from './test-gateway.js';

const GUIDS = ['cpb-a', 'cpb-b', 'cpb-c'];

let gateway: TestGateway;
let client: HttpClient;
let app: string;
beforeAll(async () => {
  gateway = await TestGateway.start();
  ({ client } = gateway);
  app = await gateway.prepare({ stages: 2, files: [...GUIDS, 'cpb-d'] });
});
afterAll(() => gateway.close());
beforeEach(() => void gateway.wakeUps.splice(0));

const create = (body: object) => client.post('/api/batches', { name: 'Evening news', pipeline: 'shots', ...body });
const patch = (id: number, body: object) => client.send('PATCH', `/api/batches/${id}`, { body });
const start = (id: number, body?: object) => client.post(`/api/batches/${id}/start`, body);
const guidsOf = async (id: number) =>
  ((await client.get(`/api/batches/${id}/runs`)).body as Page<RunRow>).items.map(({ guid }) => guid);
const draft = async () => (await gateway.draft('shots', GUIDS)).id;

describe('an archived pipeline', () => {
  const archive = async (name: string, archived = true) => {
    const { body } = await client.post('/api/pipelines', { name, stages: [{ app }] });
    const { id } = body as PipelineView;
    await client.send('PATCH', `/api/pipelines/${id}`, { body: { archived } });
    return id;
  };
  const refused = (pipeline: string) => ({
    status: 409,
    body: { type: '/problems/pipeline-archived', detail: expect.stringContaining(`"${pipeline}" is archived`) },
  });

  it('rejects new batches and copies in every version', async () => {
    const batches = async () => ((await client.get('/api/batches?limit=200')).body as Page<BatchView>).items.length;
    const pipeline = await archive('old', false);
    const made = (await create({ pipeline: 'old', files: GUIDS })).body as BatchView;
    await client.send('PATCH', `/api/pipelines/${pipeline}`, { body: { archived: true } });
    const before = await batches();
    for (const version of [undefined, 1])
      expect(await create({ pipeline: 'old', version, files: GUIDS })).toMatchObject(refused('old'));
    expect(await client.post(`/api/batches/${made.id}/duplicate`)).toMatchObject(refused('old'));
    const again = (await gateway.draft('shots', GUIDS)).id;
    const other = { name: 'Both', batches: [again, await draft()], pipeline: 'old' };
    expect(await client.post('/api/batches/combine', other)).toMatchObject(refused('old'));
    expect(await batches()).toBe(before + 2);
  });

  it('accepts new batches after it is restored and does not affect existing ones', async () => {
    const pipeline = await archive('back', false);
    const { id } = (await create({ pipeline: 'back', files: GUIDS })).body as BatchView;
    await client.send('PATCH', `/api/pipelines/${pipeline}`, { body: { archived: true } });
    expect(await start(id)).toMatchObject({ status: 202 });
    const elsewhere = { name: 'Elsewhere', batches: [id, await draft()], pipeline: 'shots' };
    expect(await client.post('/api/batches/combine', elsewhere)).toMatchObject({ status: 201 });
    await client.send('PATCH', `/api/pipelines/${pipeline}`, { body: { archived: false } });
    expect(await create({ pipeline: 'back', files: GUIDS })).toMatchObject({ status: 201 });
  });
});

describe('creating a batch', () => {
  it('takes files of another batch by the state of their runs', async () => {
    const id = await draft();
    await start(id);
    await record(gateway, id, { state: 'failed', outcome: 'invalid-input', fingerprint: 'shots|x' });
    const failed = await create({ from: { batch: id, runs: 'failed' } });
    expect(failed).toMatchObject({ status: 201, body: { files: 1, summary: { state: 'draft' } } });
    expect(await guidsOf((failed.body as BatchView).id)).toEqual(['cpb-a']);
    const all = await create({ from: { batch: id, runs: 'all' } });
    expect(await guidsOf((all.body as BatchView).id)).toEqual(GUIDS);
  });

  it('takes the files of a collection', async () => {
    const [{ id }] = await gateway.query<{ id: number }>(
      `insert into collections (name, description, files, created_by) values ('News', '', 1, 'kc') returning id`,
    );
    expect(await create({ collection: id })).toMatchObject({ status: 422, body: { type: '/problems/empty-batch' } });
    await gateway.query(
      `insert into collection_files select $1, id from media_files where guid in ('cpb-c', 'cpb-d')`,
      [id],
    );
    const { body } = await create({ collection: id });
    expect(await guidsOf((body as BatchView).id)).toEqual(['cpb-c', 'cpb-d']);
  });

  it('uses the given version of the pipeline', async () => {
    await client.post('/api/pipelines', { name: 'versions', stages: [{ app }] });
    await client.post('/api/pipelines', { name: 'versions', stages: [{ app }, { app }] });
    const versionOf = async (version?: number) =>
      ((await create({ pipeline: 'versions', files: GUIDS, version })).body as BatchView).pipeline.version;
    expect([await versionOf(1), await versionOf()]).toEqual([1, 2]);
    expect(await create({ pipeline: 'versions', files: GUIDS, version: 3 })).toMatchObject({
      status: 422,
      body: { type: '/problems/unknown-version', detail: expect.stringContaining('no version 3') },
    });
  });

  it('requires exactly one existing source of files', async () => {
    for (const body of [{}, { files: GUIDS, collection: 1 }, { collection: 1, from: { batch: 1, runs: 'all' } }])
      expect(await create(body)).toMatchObject({
        status: 400,
        body: { detail: expect.stringContaining('exactly one of files, collection and from') },
      });
    expect(await create({ collection: 999_999 })).toMatchObject({
      status: 422,
      body: { type: '/problems/unknown-collection' },
    });
    expect(await create({ from: { batch: 999_999, runs: 'all' } })).toMatchObject({
      status: 422,
      body: { type: '/problems/unknown-batch' },
    });
    const id = await draft();
    expect(await create({ from: { batch: id, runs: 'failed' } })).toMatchObject({
      status: 422,
      body: { type: '/problems/empty-batch', detail: expect.stringContaining(`No run of batch ${id} is failed`) },
    });
  });
});

describe('a trial', () => {
  it('starts the first files, and the rest on the next start', async () => {
    const id = await draft();
    expect(await start(id, { trial: 1 })).toMatchObject({
      status: 202,
      body: { startedBy: 'local', summary: { state: 'running', trial: { files: 1, done: 0, ended: false } } },
    });
    expect(await start(id)).toMatchObject({ status: 200, body: { summary: { trial: { files: 1 } } } });
    await record(gateway, id, { state: 'failed', outcome: 'invalid-input' });
    expect(gateway.wakeUps.splice(0)).toEqual([`job.${id}.submitted`]);
    const rest = await start(id, {});
    expect(rest).toMatchObject({ status: 202, body: { summary: { state: 'running' } } });
    expect((rest.body as BatchView).summary).not.toHaveProperty('trial');
    expect(gateway.wakeUps).toEqual([`job.${id}.submitted`]);
  });

  it('is not ignored when the body has the wrong content type', async () => {
    const id = await draft();
    const headers = { 'content-type': 'text/plain' };
    expect(await client.send('POST', `/api/batches/${id}/start`, { headers, body: '{"trial":1}' })).toMatchObject({
      status: 415,
    });
    for (const trial of [-1, 1.5, '1', 1001])
      expect(await start(id, { trial })).toMatchObject({ status: 400, body: { errors: [{ path: 'trial' }] } });
    expect(await client.get(`/api/batches/${id}`)).toMatchObject({ body: { summary: { state: 'draft' } } });
  });
});

describe('editing a batch', () => {
  it('changes name, weight and archive state, which the list can filter', async () => {
    const id = await draft();
    expect(await patch(id, { name: ' Late quiz ', weight: 400, archived: true })).toMatchObject({
      status: 200,
      body: { name: 'Late quiz', weight: 400, archived: true, summary: { name: 'Late quiz', version: 1 } },
    });
    expect(gateway.wakeUps).toEqual([`job.${id}.edited`]);
    const found = async (query: string) =>
      ((await client.get(`/api/batches?query=late+QUIZ${query}`)).body as Page<BatchView>).items.map(
        (batch) => batch.id,
      );
    expect([await found(''), await found('&archived=true'), await found('&archived=true&state=running')]).toEqual([
      [],
      [id],
      [],
    ]);
    expect(await start(id)).toMatchObject({ status: 409, body: { type: '/problems/archived-batch' } });
    await patch(id, { archived: false });
    expect(await found('&state=draft')).toEqual([id]);
  });

  it('rejects archiving a running batch', async () => {
    const id = await draft();
    await start(id);
    expect(await patch(id, { archived: true, name: 'Other' })).toMatchObject({
      status: 409,
      body: { type: '/problems/running-batch', detail: expect.stringContaining('cancel it') },
    });
    expect(await client.get(`/api/batches/${id}`)).toMatchObject({ body: { name: 'Evening news', archived: false } });
  });

  it('rejects invalid changes', async () => {
    const id = await draft();
    for (const body of [{}, { name: '' }, { weight: 0 }, { weight: 1001 }, { archived: 'yes' }, { state: 'running' }])
      expect([body, (await patch(id, body)).status]).toEqual([body, 400]);
    for (const query of ['state=paused', 'archived=maybe', 'query='])
      expect([query, (await client.get(`/api/batches?${query}`)).status]).toEqual([query, 400]);
    expect(await patch(999_999, { name: 'x' })).toMatchObject({ status: 404 });
  });
});

describe('the files of a draft', () => {
  const edit = (id: number, body: object) => client.post(`/api/batches/${id}/files`, body);

  it('are added and removed, and the answer counts files that were already there or missing', async () => {
    const id = await draft();
    expect(await edit(id, { add: ['cpb-d', 'cpb-b'], remove: ['cpb-a', 'nobody'] })).toMatchObject({
      status: 200,
      body: { added: 1, removed: 1, present: 1, absent: 1, files: 3 },
    });
    expect(await guidsOf(id)).toEqual(['cpb-b', 'cpb-c', 'cpb-d']);
  });

  it.each([
    ['unknown files', { add: ['cpb-d', 'stranger'] }, 422, 'unknown-files'],
    ['files named twice', { add: ['cpb-d'], remove: ['cpb-d'] }, 422, 'duplicate-files'],
    ['all files', { remove: GUIDS }, 422, 'empty-batch'],
    ['an empty body', {}, 400, 'invalid-request'],
  ])('reject a change with %s', async (_, body, status, type) => {
    const id = await draft();
    expect(await edit(id, body)).toMatchObject({ status, body: { type: `/problems/${type}` } });
    expect(await guidsOf(id)).toEqual(GUIDS);
  });

  it('cannot be changed after the start', async () => {
    const id = await draft();
    await start(id);
    expect(await edit(id, { add: ['cpb-d'] })).toMatchObject({
      status: 409,
      body: { type: '/problems/not-draft', detail: expect.stringContaining('Duplicate it') },
    });
    expect(await edit(999_999, { add: ['cpb-d'] })).toMatchObject({ status: 404 });
  });
});

describe('copies', () => {
  it('are created from one batch or from several', async () => {
    const id = await draft();
    const copy = await client.post(`/api/batches/${id}/duplicate`);
    expect(copy).toMatchObject({ status: 201, body: { name: 'Evening news (copy)', files: 3, createdBy: 'local' } });
    const other = (await create({ files: ['cpb-d', 'cpb-a'] })).body as BatchView;
    const both = await client.post('/api/batches/combine', { name: 'Both', batches: [other.id, id] });
    expect(both).toMatchObject({ status: 201, body: { name: 'Both', files: 4 } });
    expect(await guidsOf((both.body as BatchView).id)).toEqual(['cpb-d', 'cpb-a', 'cpb-b', 'cpb-c']);
  });

  it('require existing batches with the same pipeline', async () => {
    const id = await draft();
    await client.post('/api/pipelines', { name: 'once', stages: [{ app }] });
    const other = (await create({ pipeline: 'once', files: GUIDS })).body as BatchView;
    const combine = (body: object) =>
      client.post('/api/batches/combine', { name: 'Both', batches: [id, other.id], ...body });
    expect(await combine({})).toMatchObject({ status: 422, body: { type: '/problems/different-pipelines' } });
    expect(await combine({ pipeline: 'once' })).toMatchObject({ status: 201, body: { pipeline: { name: 'once' } } });
    expect(await combine({ batches: [id, 999_999] })).toMatchObject({
      status: 422,
      body: { type: '/problems/unknown-batch' },
    });
    expect(await combine({ batches: [id] })).toMatchObject({ status: 400 });
    expect(await client.post('/api/batches/999999/duplicate', {})).toMatchObject({ status: 404 });
  });
});
