import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Problem, retryPolicySchema } from '#libs/contracts';
import { AdmissionRepository, AppBreakersRepository } from '#libs/database';
import { type ScriptedApp, startScriptedApp } from '#libs/testing';
import type { HttpClient } from './http-client.js';
import { record } from './recorded-stage.js';
import { TestGateway } from './test-gateway.js';

const NOON = Date.parse('2026-11-25T12:00:00Z');

let gateway: TestGateway;
let client: HttpClient;
let scripted: ScriptedApp;
let reported: object;
let slug: string;
beforeAll(async () => {
  gateway = await TestGateway.start();
  ({ client } = gateway);
  scripted = await startScriptedApp({ name: 'shots', metadata: () => reported });
  reported = {};
  slug = await gateway.readyApp(scripted.url);
});
afterAll(() => Promise.all([gateway.close(), scripted.close()]));
beforeEach(() => {
  reported = {};
  gateway.wakeUps.splice(0);
});

const shown = async () => (await client.get(`/api/apps/${slug}`)).body;
const change = (body: unknown, app = slug) => client.send('PATCH', `/api/apps/${app}`, { body });

describe('the settings of an app', () => {
  it('change as requested and wake the scheduler, which informs the workers', async () => {
    const retry = { 'app-error': { attempts: 3, delaySeconds: 10 } };
    const settings = { concurrency: 4, deadlineSeconds: 7200, retry, costPerHour: 0.9, notes: 'In the basement.' };
    expect(await change(settings)).toMatchObject({
      status: 200,
      body: { slug, enabled: true, ready: true, ...settings },
    });
    expect(gateway.wakeUps).toEqual(['job.apps.registered']);
    expect(await shown()).toMatchObject({ ...settings, parameters: [{ name: 'threshold' }] });
  });

  it('stay unchanged when omitted, even when the app is registered again', async () => {
    await change({ concurrency: 7, retry: { timeout: { attempts: 0, delaySeconds: 0 } } });
    expect(await change({ notes: 'New words.' })).toMatchObject({ body: { concurrency: 7, notes: 'New words.' } });
    await client.post('/api/apps', { url: scripted.url });
    expect(await shown()).toMatchObject({ concurrency: 7, notes: 'New words.', retry: { timeout: { attempts: 0 } } });
    expect(await change({ retry: {}, costPerHour: null })).toMatchObject({ body: { retry: {}, costPerHour: null } });
  });

  it('reject invalid values with their position, without any change', async () => {
    const before = await shown();
    for (const [body, path] of [
      [{ concurrency: 0 }, 'concurrency'],
      [{ concurrency: 1.5, notes: 'kept?' }, 'concurrency'],
      [{ deadlineSeconds: 86_401 }, 'deadlineSeconds'],
      [{ enabled: 'yes' }, 'enabled'],
      [{ costPerHour: -1 }, 'costPerHour'],
      [{ retry: { timeout: { attempts: 21, delaySeconds: 1 } } }, 'retry.timeout.attempts'],
      [{ retry: { timeout: { attempts: 1 } } }, 'retry.timeout.delaySeconds'],
      [{ retry: { ok: { attempts: 1, delaySeconds: 1 } } }, 'retry'],
      [{ notes: 'a\0b' }, 'notes'],
      [{ url: scripted.url }, ''],
    ] as const) {
      const answer = await change(body);
      expect([body, answer.status, answer.body]).toEqual([
        body,
        400,
        expect.objectContaining({ type: '/problems/invalid-request', errors: [expect.objectContaining({ path })] }),
      ]);
    }
    expect(await shown()).toEqual(before);
    expect(gateway.wakeUps).toEqual([]);
  });

  it('return 404 for an unknown app', async () => {
    for (const app of ['nothing_v1', 'a.b', 'x'.repeat(201)])
      expect([app, (await change({ notes: '' }, app)).body]).toEqual([
        app,
        expect.objectContaining({ type: '/problems/unknown-app', status: 404 }),
      ]);
  });

  it('contain a retry count for every failure outcome', () => {
    expect(Object.keys(retryPolicySchema.shape)).toHaveLength(8);
  });
});

describe('a disabled app', () => {
  const save = (name: string, threshold: number) =>
    client.post('/api/pipelines', { name, stages: [{ app: slug, parameters: { threshold } }] });

  it('is rejected in new pipeline versions but remains usable in saved ones', async () => {
    expect((await save('kept', 0.5)).status).toBe(201);
    await change({ enabled: false });
    expect(await save('kept', 0.6)).toMatchObject({
      status: 409,
      body: { type: '/problems/app-disabled', errors: [{ path: 'stages.0.app' }] },
    });
    await gateway.mediaFiles(['cpb-kept']);
    expect(await gateway.draft('kept', ['cpb-kept'])).toMatchObject({ pipeline: { name: 'kept', version: 1 } });
    await change({ enabled: true });
    expect((await save('kept', 0.6)).status).toBe(201);
  });
});

describe('refreshing an app', () => {
  const refresh = (body: object = {}, app = slug) => client.post(`/api/apps/${app}/refresh`, body);

  it('lists the changes and stores nothing in a dry run', async () => {
    const before = await shown();
    reported = { description: 'Better.', parameters: [] };
    const changes = ['The entry "description" has changed.', 'The parameter "threshold" was removed.'];
    expect(await refresh({ dryRun: true })).toMatchObject({ status: 200, body: { dryRun: true, changes } });
    expect(await shown()).toEqual(before);
    expect(gateway.wakeUps).toEqual([]);
    expect(await refresh()).toMatchObject({
      status: 200,
      body: { dryRun: false, changes, app: { slug, description: 'Better.', ready: false } },
    });
    expect(gateway.wakeUps).toEqual(['job.apps.registered']);
    expect(await shown()).toMatchObject({ description: 'Better.', parameters: [] });
    expect(await refresh()).toMatchObject({ body: { changes: [] } });
  });

  it('names the pipelines that would now be invalid', async () => {
    reported = {};
    await gateway.readyApp(scripted.url);
    await client.post('/api/pipelines', { name: 'affected', stages: [{ app: slug, parameters: { threshold: 0.5 } }] });
    await client.post('/api/pipelines', { name: 'unaffected', stages: [{ app: slug }] });
    reported = { parameters: [] };
    const { pipelines } = (await refresh({ dryRun: true })).body as { pipelines: string[] };
    expect(pipelines).toContainEqual(expect.stringMatching(/^"affected" could not be saved again: .*"threshold"/));
    expect(pipelines.join()).not.toContain('"unaffected"');
  });

  it('does not change saved pipelines', async () => {
    reported = {};
    await gateway.readyApp(scripted.url);
    const stages = [{ app: slug, parameters: { threshold: 0.25 } }];
    const saved = await client.post('/api/pipelines', { name: 'frozen', stages });
    reported = { parameters: [{ name: 'threshold', type: 'string', description: '' }] };
    await refresh();
    const { id } = saved.body as { id: number };
    expect((await client.get(`/api/pipelines/${id}`)).body).toEqual(saved.body);
    await gateway.mediaFiles(['cpb-frozen']);
    const { id: batch } = await gateway.draft('frozen', ['cpb-frozen']);
    await client.post(`/api/batches/${batch}/start`);
    const waiting = await gateway.app.get(AdmissionRepository, { strict: false }).waitingBatches(1);
    expect(waiting.find((one) => one.id === batch)?.route).toMatchObject([
      { app: slug, types: { threshold: 'number' } },
    ]);
  });

  it('is rejected without any change when no app or another app answers', async () => {
    const before = await shown();
    reported = { app_version: 'v9' };
    expect(await refresh()).toMatchObject({
      status: 409,
      body: { type: '/problems/another-app', detail: expect.stringMatching(/now shots v9.*Register/) },
    });
    reported = { identifier: 3 };
    expect(await refresh()).toMatchObject({ status: 422, body: { type: '/problems/no-app' } });
    reported = { description: 'a\0b' };
    expect(await refresh()).toMatchObject({
      status: 422,
      body: { type: '/problems/no-app', detail: expect.stringContaining('"description" contains a NUL') },
    });
    expect(await refresh({}, 'nothing_v1')).toMatchObject({ status: 404, body: { type: '/problems/unknown-app' } });
    expect((await refresh({ dryRun: 1 })).status).toBe(400);
    expect(await shown()).toEqual(before);
  });
});

describe('the health of an app', () => {
  const health = (app = slug) => client.get(`/api/apps/${app}/health`);

  it('reports that the app answers, its waiting work and its latest outcomes', async () => {
    reported = {};
    await gateway.readyApp(scripted.url);
    await client.post('/api/pipelines', { name: 'two', stages: [{ app: slug }, { app: slug }] });
    await gateway.mediaFiles(['cpb-health']);
    const { id } = await gateway.draft('two', ['cpb-health']);
    await client.post(`/api/batches/${id}/start`);
    const done = { app: slug, startedAt: NOON, settledAt: NOON + 12_000, coverage: { covered: 0, of: 120_000 } };
    await record(gateway, id, done);
    expect(await health()).toMatchObject({
      status: 200,
      body: {
        slug,
        reachable: { answers: true, sentence: 'The app responds.', changed: false, at: expect.stringMatching(/Z$/) },
        paused: null,
        breaker: null,
        queued: 1,
        running: 0,
        answers: [
          { batch: id, guid: 'cpb-health', index: 0, outcome: 'ok', seconds: 12, at: '2026-11-25T12:00:12.000Z' },
        ],
        pace: { files: 1, secondsPerFile: { p50: 12, p90: 12 }, secondsPerMediaMinute: { p50: 6, p90: 6 } },
      },
    });
  });

  it('reports changed metadata, or that another app answers', async () => {
    reported = { description: 'Other words.' };
    expect(await health()).toMatchObject({
      body: { reachable: { answers: true, changed: true, sentence: expect.stringContaining('Refresh it') } },
    });
    reported = { app_version: 'v9' };
    expect(await health()).toMatchObject({
      body: { reachable: { sentence: 'A different app responds at this URL: shots_v9.' } },
    });
  });

  it('reports an app that does not answer, its pause and its circuit breaker', async () => {
    const gone = await startScriptedApp({ name: 'gone' });
    const app = await gateway.readyApp(gone.url);
    await gone.close();
    const breakers = gateway.app.get(AppBreakersRepository, { strict: false });
    const pause = { cause: 'failing', since: NOON, fingerprint: 'f', trips: 2, probeAt: NOON } as const;
    await breakers.pause(app, { ...pause, why: 'Nothing listens.' });
    expect(await health(app)).toMatchObject({
      status: 200,
      body: {
        reachable: { answers: false, changed: null, sentence: expect.stringContaining('no server is listening there') },
        paused: { by: 'breaker', why: 'Nothing listens.' },
        breaker: { fingerprint: 'f', trips: 2, probing: false, probeAt: '2026-11-25T12:00:00.000Z' },
        answers: [],
        pace: { files: 0, secondsPerFile: null },
      },
    });
    expect(((await health('nothing_v1')).body as Problem).type).toBe('/problems/unknown-app');
  });
});
