import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BatchView, Page, PipelineDefinition, PipelineView } from '#libs/contracts';
import { type ScriptedApp, startScriptedApp } from '#libs/testing';
import type { HttpClient } from './http-client.js';
import { TestGateway } from './test-gateway.js';

let gateway: TestGateway;
let client: HttpClient;
let scripted: ScriptedApp;
let app: string;
beforeAll(async () => {
  gateway = await TestGateway.start();
  ({ client } = gateway);
  scripted = await startScriptedApp({ name: 'shots' });
  app = await gateway.readyApp(scripted.url);
});
afterAll(() => Promise.all([gateway.close(), scripted.close()]));

const stage = (threshold: number) => ({ app, parameters: { threshold } });
const saved = async (name: string, ...stages: object[]) =>
  (await client.post('/api/pipelines', { name, description: `All of ${name}.`, stages })).body as PipelineView;
const names = async (query: string) =>
  ((await client.get(`/api/pipelines?limit=200${query.replaceAll(' ', '%20')}`)).body as Page<PipelineView>).items.map(
    ({ name }) => name,
  );
const patch = (id: number, body: unknown) => client.send('PATCH', `/api/pipelines/${id}`, { body });

describe('checking a pipeline', () => {
  const check = (body: object) => client.post('/api/pipelines/check', body);

  it('returns warnings and saves nothing', async () => {
    const input = [{ '@type': 'http://mmif.clams.ai/vocabulary/TimePoint/v4', required: true }];
    const needy = await startScriptedApp({ name: 'needy', metadata: () => ({ input }) });
    const slug = await gateway.readyApp(needy.url);
    await needy.close();
    expect(await check({ name: 'unsaved', stages: [{ app }, { app: slug }] })).toMatchObject({
      status: 200,
      body: { findings: [{ stage: 1, level: 'warning' }], errors: [] },
    });
    expect(await names('&query=unsaved')).toEqual([]);
  });

  it('returns all errors at once with their positions', async () => {
    const { id } = await saved('old', stage(1));
    await patch(id, { archived: true });
    const stages = [{ app, parameters: { threshold: 'much', size: 1 } }, { app: 'nothing_v1' }];
    expect(await check({ name: 'old', stages })).toMatchObject({
      status: 200,
      body: {
        findings: [],
        errors: [
          { path: 'name', message: expect.stringContaining('archived') },
          { path: 'stages.1.app', message: expect.stringContaining('"nothing_v1"') },
          { path: 'stages.0.parameters.size' },
          { path: 'stages.0.parameters.threshold' },
        ],
      },
    });
  });

  it('rejects an invalid body', async () => {
    expect(await check({ name: 'x', stages: [] })).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'stages' }] },
    });
  });
});

describe('the versions of a pipeline', () => {
  it('are immutable and listed in pages, newest first', async () => {
    const { id } = await saved('versions', stage(0.1));
    await saved('versions', stage(0.2));
    await saved('versions', stage(0.2), stage(0.3));
    const first = (await client.get(`/api/pipelines/${id}/versions?limit=2`)).body as Page<{ version: number }>;
    expect(first).toMatchObject({
      items: [{ version: 3, createdBy: expect.any(String), stages: [{ index: 0, app }, { index: 1 }] }, { version: 2 }],
      next: expect.any(String),
    });
    const second = await client.get(`/api/pipelines/${id}/versions?limit=2&cursor=${first.next}`);
    expect(second.body).toMatchObject({ items: [{ version: 1 }], next: null });
    const { id: other } = await saved('other versions', stage(0.1));
    expect((await client.get(`/api/pipelines/${other}/versions?cursor=${first.next}`)).body).toMatchObject({
      type: '/problems/invalid-cursor',
    });
  });

  it('are returned in a form that can be saved again', async () => {
    const { id } = await saved('round trip', stage(0.1), { app });
    await saved('round trip', stage(0.9));
    const { status, body } = await client.get(`/api/pipelines/${id}/versions/1`);
    expect([status, body]).toEqual([
      200,
      {
        name: 'round trip',
        description: 'All of round trip.',
        stages: [
          { app, parameters: { threshold: 0.1 } },
          { app, parameters: {} },
        ],
      },
    ]);
    const again = await client.post('/api/pipelines', { ...(body as PipelineDefinition), name: 'round trip 2' });
    expect(again).toMatchObject({ status: 201, body: { version: 1, stages: [{ index: 0 }, { index: 1 }] } });
  });

  it('return 404 for an unknown version or pipeline', async () => {
    const { id } = await saved('few', stage(0.1));
    for (const [path, type, detail] of [
      [`${id}/versions/2`, 'unknown-pipeline-version', 'Its versions are 1 to 1'],
      [`${id}/versions/0`, 'unknown-pipeline-version', 'Its versions are 1 to 1'],
      [`${id}/versions/x`, 'unknown-pipeline-version', 'x'],
      [`${id}/diff?from=2`, 'unknown-pipeline-version', 'Its versions are 1 to 1'],
      ['999999/versions', 'unknown-pipeline', '999999'],
      ['999999/versions/1', 'unknown-pipeline', '999999'],
      ['999999/diff', 'unknown-pipeline', '999999'],
    ])
      expect([path, (await client.get(`/api/pipelines/${path}`)).body]).toEqual([
        path,
        expect.objectContaining({ type: `/problems/${type}`, status: 404, detail: expect.stringContaining(detail!) }),
      ]);
    expect((await client.get(`/api/pipelines/${id}/diff?from=none`)).status).toBe(400);
  });

  it('are compared, by default the newest with the previous one', async () => {
    const { id } = await saved('compared', stage(0.1));
    const only = await client.get(`/api/pipelines/${id}/diff`);
    expect(only.body).toMatchObject({ from: 1, to: 1, sentences: [] });
    await saved('compared', stage(0.2));
    await saved('compared', { app }, stage(0.2));
    expect((await client.get(`/api/pipelines/${id}/diff`)).body).toMatchObject({
      from: 2,
      to: 3,
      stages: [
        { change: 'added', to: 0 },
        { change: 'same', from: 0, to: 1 },
      ],
      sentences: ['Stage 0 (shots) was added.'],
    });
    expect((await client.get(`/api/pipelines/${id}/diff?from=1&to=2`)).body).toMatchObject({
      sentences: ['Stage 0 (shots) sets "threshold" to 0.2 (it was 0.1).'],
    });
  });

  it('remain assigned to the batches that were created from them', async () => {
    await saved('pinned', stage(0.1));
    await gateway.mediaFiles(['cpb-pinned']);
    const draft = await gateway.draft('pinned', ['cpb-pinned']);
    const { id } = await saved('pinned', stage(0.2));
    await client.post(`/api/batches/${draft.id}/start`);
    await patch(id, { name: 'renamed', archived: true });
    const batch = (await client.get(`/api/batches/${draft.id}`)).body as BatchView;
    expect(batch.pipeline).toEqual({ id, name: 'renamed', version: 1 });
  });
});

describe('cloning a pipeline', () => {
  const clone = (id: number, body: object) => client.post(`/api/pipelines/${id}/clone`, body);

  it('saves the stages of a version under another name', async () => {
    const { id } = await saved('original', stage(0.1));
    await saved('original', stage(0.2));
    expect(await clone(id, { name: 'copy' })).toMatchObject({
      status: 201,
      body: { name: 'copy', description: 'All of original.', version: 1, stages: [{ parameters: { threshold: 0.2 } }] },
    });
    expect(await clone(id, { name: 'old copy', version: 1 })).toMatchObject({
      body: { stages: [{ parameters: { threshold: 0.1 } }] },
    });
  });

  it('rejects a name that another pipeline uses', async () => {
    const { id } = await saved('source', stage(0.1));
    const { id: taken } = await saved('taken', stage(0.5));
    expect(await clone(id, { name: 'taken' })).toMatchObject({
      status: 409,
      body: { type: '/problems/pipeline-name-taken', detail: expect.stringContaining('Choose another') },
    });
    expect((await client.get(`/api/pipelines/${taken}`)).body).toMatchObject({ version: 1 });
    expect((await clone(id, { name: 'x', version: 9 })).body).toMatchObject({
      type: '/problems/unknown-pipeline-version',
    });
    expect((await clone(999_999, { name: 'x' })).status).toBe(404);
    expect((await clone(id, {})).status).toBe(400);
  });
});

describe('changing a pipeline', () => {
  it('changes name and description without a new version', async () => {
    const before = await saved('before', stage(0.1));
    expect(await patch(before.id, { name: 'after', description: 'Else.' })).toMatchObject({
      status: 200,
      body: { ...before, name: 'after', description: 'Else.' },
    });
  });

  it('archives it: it is not listed and accepts no versions until it is restored', async () => {
    const { id } = await saved('archive me', stage(0.1));
    expect(await patch(id, { archived: true })).toMatchObject({ status: 200, body: { archived: true, version: 1 } });
    expect(await names('&query=archive me')).toEqual([]);
    expect(await names('&query=ARCHIVE me&archived=true')).toEqual(['archive me']);
    expect(await names('&query=archive me&archived=all')).toEqual(['archive me']);
    expect(await client.post('/api/pipelines', { name: 'archive me', stages: [stage(0.2)] })).toMatchObject({
      status: 409,
      body: { type: '/problems/pipeline-archived', detail: expect.stringContaining('archived: false') },
    });
    await patch(id, { archived: false });
    expect((await client.post('/api/pipelines', { name: 'archive me', stages: [stage(0.2)] })).status).toBe(201);
  });

  it('rejects a duplicate name and invalid bodies', async () => {
    const { id } = await saved('mine', stage(0.1));
    await saved('yours', stage(0.1));
    expect(await patch(id, { name: 'yours' })).toMatchObject({
      status: 409,
      body: { type: '/problems/pipeline-name-taken' },
    });
    for (const body of [{ name: ' ' }, { archived: 'yes' }, { stages: [] }, { name: 'x'.repeat(201) }])
      expect([body, (await patch(id, body)).status]).toEqual([body, 400]);
    expect((await patch(999_999, { name: 'x' })).body).toMatchObject({ type: '/problems/unknown-pipeline' });
    expect((await client.get(`/api/pipelines/${id}`)).body).toMatchObject({ name: 'mine', archived: false });
  });
});
