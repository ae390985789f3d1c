import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type BatchView,
  type CommandAnswer,
  type Manifest,
  type Page,
  type PipelineView,
  type RunRow,
  type RunView,
} from '#libs/contracts';
import type { ArchivedDocument } from '#libs/database';
import { type ScriptedApp, startScriptedApp } from '#libs/testing';
import type { SchedulerClient } from '../src/ports.js';
import type { HttpClient } from './http-client.js';
import { record } from './recorded-stage.js';
import { TestGateway } from './test-gateway.js';
import { unzip } from './unzip.js';

/** Defects of the original application, with one test for each that is visible over REST. */

const GUIDS = ['cpb-aacip-507-a', 'cpb-aacip-507-b', 'cpb-aacip-507-c'];
const PARAMETERS = [{ name: 'threshold', type: 'number', description: 'How sure.', default: 0.5, multivalued: false }];
const FINGERPRINT = 'second_v1|invalid-output|ValueError: frame <n>';

/** Requests that the scheduler received. */
const requests: object[] = [];
let gateway: TestGateway;
let client: HttpClient;
let apps: ScriptedApp[];
let first: string;
let second: string;
beforeAll(async () => {
  const done: CommandAnswer = { ok: true, dryRun: false, count: 1, sentence: 'Done.', items: [] };
  const ask = async (verb: string, request: object) => {
    requests.push({ verb, ...request });
    return done;
  };
  gateway = await TestGateway.start({}, { ask: ask as SchedulerClient['ask'] });
  ({ client } = gateway);
  apps = await Promise.all(
    ['second', 'first'].map((name) => startScriptedApp({ name, metadata: () => ({ parameters: PARAMETERS }) })),
  );
  // Registered in the reverse order of the pipeline.
  [second, first] = [await gateway.readyApp(apps[0]!.url), await gateway.readyApp(apps[1]!.url)];
  await client.post('/api/pipelines', { name: 'Two', stages: [{ app: first }, { app: second }] });
  await gateway.mediaFiles(GUIDS);
});
afterAll(() => Promise.all([gateway.close(), ...apps.map((app) => app.close())]));

const runsOf = async (batch: number) => ((await client.get(`/api/batches/${batch}/runs`)).body as Page<RunRow>).items;
const batchOf = async (id: number) => (await client.get(`/api/batches/${id}`)).body as BatchView;

/** A unique document of a media file. */
function documentOf(text: string): ArchivedDocument {
  const content = Buffer.from(JSON.stringify({ metadata: { mmif: 'http://mmif.clams.ai/1.0.5' }, text }));
  const sha256 = createHash('sha256').update(content).digest('hex');
  return { sha256, bytes: content.length, encoding: 'identity', content };
}

/** A failed stage without an automatic retry. */
const FAILURE = {
  index: 1,
  state: 'failed',
  outcome: 'invalid-output',
  sentence: 'ValueError: frame 17',
  fingerprint: FINGERPRINT,
  trace: 'Traceback: line 1',
} as const;

/** A started batch whose first file passed its first stage and failed at the second. */
async function failedAtSecond(name: string) {
  const batch = (await gateway.draft('Two', GUIDS)).id;
  await client.post(`/api/batches/${batch}/start`);
  const document = documentOf(name);
  await record(gateway, batch, { document: document.sha256 }, [document]);
  await record(gateway, batch, FAILURE);
  const [run] = await runsOf(batch);
  return { batch, run: run!.id, document };
}

describe('defect 1: the order of a pipeline was not stored', () => {
  it('keeps the order of stages in every version', async () => {
    const name = 'Ordered';
    const save = async (...stages: string[]) =>
      (await client.post('/api/pipelines', { name, stages: stages.map((app) => ({ app })) })).body as PipelineView;
    const saved = await save(first, second, first);
    await save(second, first);
    const stagesOf = async (path: string) =>
      ((await client.get(path)).body as PipelineView).stages.map(({ app }) => app);
    expect(await stagesOf(`/api/pipelines/${saved.id}`)).toEqual([second, first]);
    expect(await stagesOf(`/api/pipelines/${saved.id}/versions/1`)).toEqual([first, second, first]);
  });
});

describe('defect 2: apps had no parameters', () => {
  it('keeps the parameters of each stage', async () => {
    const stages = [
      { app: first, parameters: { threshold: 0.3 } },
      { app: first, parameters: { threshold: 0.7 } },
    ];
    const { body } = await client.post('/api/pipelines', { name: 'Tuned', stages });
    expect((body as PipelineView).stages.map(({ parameters }) => parameters)).toEqual(
      stages.map(({ parameters }) => parameters),
    );
  });

  it('rejects unknown parameters and values of the wrong type', async () => {
    for (const parameters of [{ treshold: 0.3 }, { threshold: 'much' }])
      expect(
        await client.post('/api/pipelines', { name: 'Wrong', stages: [{ app: first, parameters }] }),
      ).toMatchObject({ status: 422, body: { type: '/problems/invalid-parameters' } });
  });
});

describe('defect 3: nothing was live', () => {
  it('raises the version of a batch with every change, so that clients notice missed changes', async () => {
    const { id, summary } = await gateway.draft('Two', GUIDS);
    await client.post(`/api/batches/${id}/start`);
    const started = (await batchOf(id)).summary.version;
    await record(gateway, id, { state: 'running' });
    const running = (await batchOf(id)).summary.version;
    expect([summary.version < started, started < running]).toEqual([true, true]);
    expect((await client.get(`/api/batches/${id}/cells`)).headers['x-version']).toBe(String(running));
  });
});

describe('defect 4: a repeated run counted twice, and its failure forever', () => {
  it('counts every file once, by its newest attempt', async () => {
    const { batch } = await failedAtSecond('counted');
    expect((await batchOf(batch)).summary.runs).toMatchObject({ waiting: 2, done: 0, failed: 1 });
    await record(gateway, batch, { index: 1, generation: 2, root: '200' });
    const { runs, stages, errors } = (await batchOf(batch)).summary;
    expect(runs).toMatchObject({ waiting: 2, done: 1, failed: 0 });
    expect(stages[1]!.counts).toMatchObject({ waiting: 2, done: 1, failed: 0 });
    expect(errors).toEqual([]);
  });
});

describe('defect 5: waiting files and files that were never started looked the same', () => {
  it('has a row for every file from the beginning and distinguishes a draft from a waiting batch', async () => {
    const { id, summary } = await gateway.draft('Two', GUIDS);
    expect(summary.state).toBe('draft');
    expect((await runsOf(id)).map(({ guid, state }) => [guid, state])).toEqual(GUIDS.map((guid) => [guid, 'waiting']));
    await client.post(`/api/batches/${id}/start`);
    expect((await batchOf(id)).summary.state).toBe('running');
    expect(await runsOf(id)).toHaveLength(GUIDS.length);
  });
});

describe('defect 6: a failure at the third app lost what the first two had found', () => {
  it('keeps the document of every finished stage', async () => {
    const { run, document } = await failedAtSecond('kept');
    const answer = await client.get(`/api/runs/${run}/stages/0/document`);
    expect([answer.status, answer.bytes.equals(document.content)]).toEqual([200, true]);
    expect((await client.get(`/api/runs/${run}/stages/1/document`)).status).toBe(404);
  });
});

describe('defect 7: pressing Start again started everything again', () => {
  it('starts a batch once', async () => {
    const { id } = await gateway.draft('Two', GUIDS);
    gateway.wakeUps.splice(0);
    const answers = await Promise.all(Array.from({ length: 5 }, () => client.post(`/api/batches/${id}/start`)));
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(4);
    expect(gateway.wakeUps).toEqual([`job.${id}.submitted`]);
    expect(await runsOf(id)).toHaveLength(GUIDS.length);
  });
});

describe('defect 8: a batch could not be paused, cancelled, repeated or preferred', () => {
  it('sends each of these commands to the scheduler', async () => {
    const { batch } = await failedAtSecond('ordered');
    requests.splice(0);
    for (const verb of ['pause', 'resume', 'cancel'])
      expect((await client.post(`/api/batches/${batch}/${verb}`)).status).toBe(200);
    expect((await client.post(`/api/batches/${batch}/retry`, { dryRun: true })).status).toBe(200);
    expect(requests).toMatchObject([
      { verb: 'pause', batch },
      { verb: 'resume', batch },
      { verb: 'cancel', batch },
      { verb: 'replay', batch, dryRun: true },
    ]);
  });

  it('estimates the effort before a start', async () => {
    const { id } = await gateway.draft('Two', GUIDS);
    expect(await client.get(`/api/batches/${id}/estimate`)).toMatchObject({
      status: 200,
      body: { files: GUIDS.length, stages: [{ runs: GUIDS.length }, { runs: GUIDS.length }] },
    });
  });

  it('sets the weight of a batch', async () => {
    const { id } = await gateway.draft('Two', GUIDS);
    expect(await client.send('PATCH', `/api/batches/${id}`, { body: { weight: 300 } })).toMatchObject({
      status: 200,
      body: { weight: 300 },
    });
  });
});

describe('defect 9: the reason of an error was in another system', () => {
  it('shows reason, trace and next action, and groups failures with the same cause', async () => {
    const { batch, run } = await failedAtSecond('told');
    const { stages } = (await client.get(`/api/runs/${run}`)).body as RunView;
    expect(stages[1]).toMatchObject({
      sentence: FAILURE.sentence,
      trace: FAILURE.trace,
      nextAction: expect.stringMatching(/\w/),
    });
    const { items } = (await client.get(`/api/batches/${batch}/errors`)).body as Page<object>;
    expect(items).toEqual([
      expect.objectContaining({ fingerprint: FINGERPRINT, count: 1, nextAction: expect.stringMatching(/\w/) }),
    ]);
  });
});

describe('defect 10: one missing document failed the whole download, and two of one file became one', () => {
  const manifestOf = async (batch: number) => {
    const files = await unzip((await client.get(`/api/batches/${batch}/export?stages=all`)).bytes);
    return { files, manifest: JSON.parse(files.get('manifest.json')!.toString()) as Manifest };
  };

  it('lists missing documents in a manifest and uses unique file names', async () => {
    const [one, other] = [await failedAtSecond('one'), await failedAtSecond('other')];
    const [{ files, manifest }, { files: others }] = [await manifestOf(one.batch), await manifestOf(other.batch)];
    expect(manifest.counts).toEqual({ files: 1, missing: 2 * GUIDS.length - 1 });
    expect(manifest.files.find(({ stage, run }) => stage === 1 && run === one.run)).toMatchObject({
      file: null,
      missing: expect.stringContaining(FAILURE.sentence),
    });
    const documents = (zip: Map<string, Buffer>) => [...zip.keys()].filter((name) => name.endsWith('.mmif'));
    expect(documents(files).filter((name) => others.has(name))).toEqual([]);
    expect([...documents(files), ...documents(others)]).toHaveLength(2);
  });
});

describe('defect 11: the input MMIF of a batch was arbitrary', () => {
  it('uses the chosen input, also in a copy of the batch', async () => {
    const input = { kind: 'latest', missing: 'source' };
    const body = { name: 'Chosen', pipeline: 'Two', files: GUIDS, input };
    const made = (await client.post('/api/batches', body)).body as BatchView;
    const copy = (await client.post(`/api/batches/${made.id}/duplicate`, {})).body as BatchView;
    expect([made.input, copy.input]).toEqual([input, input]);
  });

  it('uses blank MMIF by default', async () => {
    expect((await gateway.draft('Two', GUIDS)).input).toEqual({ kind: 'source' });
  });
});

describe('defect 12: one unknown GUID made a whole list fail', () => {
  it('accepts the known GUIDs and explains each of the others', async () => {
    const answer = await client.post('/api/media-files/imports', { guids: [...GUIDS, 'cpb-aacip-507-lost', GUIDS[0]] });
    expect(answer).toMatchObject({
      status: 201,
      body: { counts: { present: GUIDS.length, unknown: 1, duplicate: 1 } },
    });
    expect((answer.body as { lines: unknown[] }).lines[0]).toMatchObject({
      given: 'cpb-aacip-507-lost',
      result: 'unknown',
      sentence: expect.stringMatching(/\w/),
    });
  });
});

describe('defect 13: lists showed everything at once', () => {
  const lists = ['media-files', 'collections', 'apps', 'pipelines', 'batches'];

  it.each(lists)('pages %s with at most 200 rows', async (list) => {
    expect((await client.get(`/api/${list}?limit=1`)).body).toMatchObject({ items: expect.any(Array) });
    for (const limit of ['201', '10000', '-1', '0', 'all'])
      expect((await client.get(`/api/${list}?limit=${limit}`)).status).toBe(400);
  });

  it('pages the runs of a batch', async () => {
    const { id } = await gateway.draft('Two', GUIDS);
    const { items, next } = (await client.get(`/api/batches/${id}/runs?limit=2`)).body as Page<RunRow>;
    expect([items.length, next]).toEqual([2, expect.any(String)]);
    expect((await client.get(`/api/batches/${id}/runs?limit=-1`)).status).toBe(400);
  });
});

describe('defect 14: pages failed when there were no rows', () => {
  it('returns empty lists', async () => {
    const empty = await TestGateway.start();
    for (const list of ['media-files', 'collections', 'apps', 'pipelines', 'batches'])
      expect(await empty.client.get(`/api/${list}`)).toMatchObject({ status: 200, body: { items: [], next: null } });
    await empty.close();
  });
});

describe('defect 15: the person who started a batch was not recorded', () => {
  it('records who created and who started it', async () => {
    const { id, createdBy } = await gateway.draft('Two', GUIDS);
    expect([createdBy, (await batchOf(id)).startedBy]).toEqual(['local', null]);
    await client.post(`/api/batches/${id}/start`);
    expect((await batchOf(id)).startedBy).toBe('local');
  });
});
