import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RunRow } from '#libs/contracts';
import { type ScriptedApp, startScriptedApp } from '#libs/testing';
import { firstRun, record } from '../../gateway/test/recorded-stage.js';
import { ACCESS_TOKEN, TestGateway } from '../../gateway/test/test-gateway.js';
import { callerOf } from './call.js';

const MMIF = Buffer.from('{"metadata": {"mmif": "http://mmif.clams.ai/1.0.5"}, "documents": [], "views": []}');
const sha256 = createHash('sha256').update(MMIF).digest('hex');

let gateway: TestGateway;
let scripted: ScriptedApp;
let chowda: ReturnType<typeof callerOf>;
/** A batch of two files; the first has failed at its second stage. */
let batch: number;
let run: number;
beforeAll(async () => {
  gateway = await TestGateway.start();
  chowda = callerOf(gateway.client.url, ACCESS_TOKEN);
  scripted = await startScriptedApp({ name: 'shots' });
  const app = await gateway.readyApp(scripted.url);
  await gateway.client.post('/api/pipelines', { name: 'Twice', stages: [{ app }, { app }] });
  await gateway.mediaFiles(['cpb-a', 'cpb-b']);
  batch = (await gateway.draft('Twice', ['cpb-a', 'cpb-b'])).id;
  await gateway.client.post(`/api/batches/${batch}/start`);
  run = await firstRun(gateway, batch);
  const document = { sha256, bytes: MMIF.length, encoding: 'identity', content: MMIF } as const;
  await record(gateway, batch, { document: sha256, annotations: { TimeFrame: 3 } }, [document]);
  await record(gateway, batch, {
    index: 1,
    state: 'failed',
    outcome: 'invalid-output',
    sentence: 'ValueError: cannot read frame 17',
    fingerprint: 'shots_v1|invalid-output|ValueError: cannot read frame <n>',
    trace: 'Traceback:\n  line 1\u001b[31m\nValueError',
    settledAt: Date.parse('2026-11-25T16:00:00Z'),
  });
});
afterAll(() => Promise.all([gateway.close(), scripted.close()]));

describe('chowda errors', () => {
  it('shows what failed at which stage, what to do, and the fingerprint of the group', async () => {
    const { exitCode, out } = await chowda(['errors', String(batch)]);
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^1 file failed at stage 1 \(shots\): ValueError: cannot read frame 17\n {2}What to do: \w/);
    expect(out).toContain(`  Files: cpb-a (run ${run})\n`);
    expect(out).toContain('  Group: shots_v1|invalid-output|ValueError: cannot read frame <n>\n');
  });

  it('shows the trace of a group without control characters', async () => {
    const group = 'shots_v1|invalid-output|ValueError: cannot read frame <n>';
    const { out } = await chowda(['errors', String(batch), '--stage', '1', '--group', group]);
    expect(out).toContain('Traceback:\n  line 1[31m\nValueError\n');
    expect((await chowda(['errors', String(batch), '--group', group])).exitCode).toBe(2);
  });

  it('states that there are no failures', async () => {
    const { id } = await gateway.draft('Twice', ['cpb-b']);
    expect((await chowda(['errors', String(id)])).out).toBe(`No failures in batch ${id}.\n`);
    expect((await chowda(['errors', String(id), '--json'])).out).toBe('');
  });
});

describe('chowda runs', () => {
  it('finds failed runs', async () => {
    const { out } = await chowda(['runs', 'list', String(batch), '--state', 'failed', '--json']);
    expect((JSON.parse(out) as RunRow).guid).toBe('cpb-a');
    expect((await chowda(['runs', 'list', String(batch), '--query', 'cpb-b'])).out).toMatch(/\tcpb-b\twaiting\t/);
    expect((await chowda(['runs', 'list', String(batch), '--state', 'cancelled'])).out).toBe('No matching runs.\n');
  });

  it('rejects an unknown state in one line', async () => {
    const { exitCode, err } = await chowda(['runs', 'list', String(batch), '--state', 'broken']);
    expect([exitCode, err.split('\n').length]).toEqual([1, 2]);
  });

  it('shows every stage of a run, with stack traces if requested', async () => {
    const { out } = await chowda(['runs', 'show', String(run)]);
    expect(out).toMatch(/^Stage 0 {2}shots: done, 3 TimeFrame$/m);
    expect(out).toMatch(/^Stage 1 {2}shots: failed\n {2}ValueError: cannot read frame 17$/m);
    expect(out).not.toContain('Traceback');
    expect((await chowda(['runs', 'show', String(run), '--trace'])).out).toContain('    Traceback:\n');
  });

  it('shows how far a running stage is, marked as an estimate if it is one', async () => {
    const { id } = await gateway.draft('Twice', ['cpb-b']);
    await gateway.client.post(`/api/batches/${id}/start`);
    const running = await firstRun(gateway, id);
    await record(gateway, id, { state: 'running', startedAt: Date.now() - 60_000 });
    const shown = async () => (await chowda(['runs', 'show', String(running)])).out;
    expect(await shown()).toMatch(/^Stage 0 {2}shots: running$/m);
    await gateway.query('insert into stage_progress (run_id, index, percent, estimated) values ($1, 0, 40.9, true)', [
      running,
    ]);
    expect(await shown()).toMatch(/^Stage 0 {2}shots: running, about 40 %$/m);
    await gateway.query('update stage_progress set estimated = false where run_id = $1', [running]);
    expect(await shown()).toMatch(/^Stage 0 {2}shots: running, 40 %$/m);
  });

  it('lists every attempt', async () => {
    const { out } = await chowda(['runs', 'attempts', String(run)]);
    expect(out).toContain('\tValueError: cannot read frame 17\n');
  });

  it('downloads a document byte for byte', async () => {
    const called = await chowda(['runs', 'download', String(run), '--stage', '0', '-o', '-']);
    expect(called).toEqual({ exitCode: 0, out: MMIF.toString(), err: '' });
    expect((await chowda(['runs', 'download', String(run), '--stage', '1', '-o', '-'])).exitCode).toBe(1);
  });
});
