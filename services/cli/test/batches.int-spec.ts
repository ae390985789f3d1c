import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BatchView, Page } from '#libs/contracts';
import { type ScriptedApp, startScriptedApp } from '#libs/testing';
import { ACCESS_TOKEN, TestGateway } from '../../gateway/test/test-gateway.js';
import { callerOf } from './call.js';

const GUIDS = ['cpb-aacip-507-a', 'cpb-aacip-507-b', 'cpb-aacip-507-c'];

let gateway: TestGateway;
let scripted: ScriptedApp;
let chowda: ReturnType<typeof callerOf>;
beforeAll(async () => {
  gateway = await TestGateway.start();
  chowda = callerOf(gateway.client.url, ACCESS_TOKEN);
  scripted = await startScriptedApp({ name: 'shots' });
  const app = await gateway.readyApp(scripted.url);
  for (const stages of [[{ app }], [{ app }, { app }]])
    await gateway.client.post('/api/pipelines', { name: 'Shots', stages });
  await gateway.mediaFiles(GUIDS);
});
afterAll(() => Promise.all([gateway.close(), scripted.close()]));

const create = async (...args: string[]): Promise<BatchView> => {
  const { out, err } = await chowda(['batches', 'create', 'Tapes', '--pipeline', 'Shots', ...args, '--json']);
  if (err !== '') throw new Error(err);
  return JSON.parse(out) as BatchView;
};
const ask = async (...args: (string | number)[]) => (await chowda(args.map(String))).out;

describe('chowda batches create', () => {
  it('uses the files of a collection, by name', async () => {
    await chowda(['collections', 'create', 'News', '--files', ...GUIDS]);
    expect(await create('--collection', 'News')).toMatchObject({ files: 3, pipeline: { version: 2 } });
  });

  it('uses the files of another batch', async () => {
    const { id } = await gateway.draft('Shots', GUIDS.slice(0, 2));
    expect((await create('--from', String(id), '--runs', 'all')).files).toBe(2);
  });

  it('accepts a version of the pipeline and a weight', async () => {
    const batch = await create('--files', ...GUIDS, '--pipeline-version', '1', '--weight', '300');
    expect(batch).toMatchObject({ pipeline: { version: 1 }, weight: 300 });
    expect(await ask('batches', 'show', batch.id)).toMatch(/^Weight +300$/m);
  });

  it.each([[[]], [['--files', 'a', '--collection', 'News']], [['--files', 'a', '--input', '12']]])(
    'rejects the options %j',
    async (args) => expect((await chowda(['batches', 'create', 'X', '--pipeline', 'Shots', ...args])).exitCode).toBe(2),
  );
});

describe('a draft', () => {
  it('accepts added and removed files', async () => {
    const { id } = await gateway.draft('Shots', GUIDS.slice(0, 1));
    expect(await ask('batches', 'add', id, '--files', ...GUIDS)).toBe(
      '2 added, 1 already present. The batch has 3 files.\n',
    );
    expect(await ask('batches', 'remove', id, '--files', GUIDS[0]!)).toBe(
      '1 removed, 0 not in the batch. The batch has 2 files.\n',
    );
  });

  it('can be duplicated, combined and renamed', async () => {
    const [one, other] = [await gateway.draft('Shots', GUIDS.slice(1)), await gateway.draft('Shots', GUIDS)];
    expect(await ask('batches', 'duplicate', one.id, '--name', 'Again')).toMatch(/not started, 2 files/);
    expect(await ask('batches', 'combine', 'All', one.id, other.id)).toMatch(/not started, 3 files/);
    expect(await chowda(['batches', 'combine', 'All', 'one', '2'])).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('one'),
    });
    expect(await ask('batches', 'set', one.id, '--name', 'Renamed')).toMatch(/^Name +Renamed$/m);
    expect((await chowda(['batches', 'set', String(one.id)])).exitCode).toBe(2);
  });

  it('can be archived and restored', async () => {
    const { id } = await gateway.draft('Shots', GUIDS);
    expect(await ask('batches', 'archive', id)).toMatch(/^Archived +yes$/m);
    const listed = async (...args: string[]) =>
      (await ask('batches', 'list', '--json', ...args)).split('\n').some((line) => line.startsWith(`{"id":${id},`));
    expect([await listed(), await listed('--archived')]).toEqual([false, true]);
    await ask('batches', 'archive', id, '--undo');
    expect(await listed()).toBe(true);
  });

  it('has an estimate, as a whole and for a trial', async () => {
    const { id } = await gateway.draft('Shots', GUIDS);
    expect(await ask('batches', 'estimate', id)).toMatch(
      /3 files[^]*^Stage +App +Runs +Reused +Duration +Worker$[^]*^0 +shots_v1 +3 +0 +unknown +unknown$/m,
    );
    expect(await ask('batches', 'estimate', id, '--trial', 2)).toMatch(/2 files/);
  });

  it('starts with a trial', async () => {
    const { id } = await gateway.draft('Shots', GUIDS);
    expect(await ask('batches', 'start', id, '--trial', 1)).toContain(`Batch ${id} is started.\n`);
    expect(await ask('batches', 'show', id)).toMatch(/trial of 1/);
  });
});

describe('a batch that waits', () => {
  it('is listed and shown by REST and CLI with the reason, since when and what to do', async () => {
    const { id } = await gateway.draft('Shots', GUIDS);
    await ask('batches', 'start', id);
    const block = { stage: 0, app: 'shots_v1', reason: 'No running worker serves Shots.', until: null };
    const stored = { ...block, since: '2026-01-01T12:00:00.000Z', advice: 'Start a worker that serves shots_v1.' };
    await gateway.query(
      `insert into batch_blocks (batch_id, stage, app, reason, since, advice)
       select $1, x.* from json_to_record($2) as x(stage int, app text, reason text, since timestamptz, advice text)`,
      [id, JSON.stringify(stored)],
    );
    expect(await gateway.client.get(`/api/batches/${id}`)).toMatchObject({ body: { summary: { blocked: stored } } });
    const { body } = await gateway.client.get('/api/batches?state=running');
    expect((body as Page<BatchView>).items.find((item) => item.id === id)).toMatchObject({
      summary: { blocked: stored },
    });
    expect(await ask('batches', 'list', '--state', 'running')).toMatch(
      new RegExp(`^${id}\\t.*\\tblocked\\t.*No running worker serves Shots\\.$`, 'm'),
    );
    expect(await ask('batches', 'show', id)).toMatch(
      /No running worker serves Shots\. Since 20\d\d-\d\d-\d\d \d\d:\d\d\. Start a worker that serves shots_v1\./,
    );
  });
});
