import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ScriptedApp, startScriptedApp } from '#libs/testing';
import { ACCESS_TOKEN, TestGateway } from '../../gateway/test/test-gateway.js';
import { callerOf } from './call.js';

const MMIF = JSON.stringify({
  metadata: { mmif: 'http://mmif.clams.ai/1.0.5' },
  documents: [
    {
      '@type': 'http://mmif.clams.ai/vocabulary/VideoDocument/v1',
      properties: { id: 'd1', mime: 'video/mp4', location: 'file:///data/cpb-a.mp4' },
    },
  ],
  views: [],
});

let gateway: TestGateway;
let scripted: ScriptedApp;
let chowda: ReturnType<typeof callerOf>;
let batch: string;
beforeAll(async () => {
  gateway = await TestGateway.start();
  chowda = callerOf(gateway.client.url, ACCESS_TOKEN);
  scripted = await startScriptedApp({ name: 'shots' });
  const app = await gateway.readyApp(scripted.url);
  await gateway.client.post('/api/pipelines', { name: 'Shots', stages: [{ app }] });
  await gateway.mediaFiles(['cpb-a']);
  batch = String((await gateway.draft('Shots', ['cpb-a'])).id);
});
afterAll(() => Promise.all([gateway.close(), scripted.close()]));

describe('chowda batches upload', () => {
  it('gives a file its document, and takes it back', async () => {
    const given = await chowda(['batches', 'upload', batch, 'cpb-a', '-'], { stdin: MMIF });
    expect(given).toEqual({ exitCode: 0, out: expect.stringMatching(/^cpb-a begins with this document of /), err: '' });
    expect((await chowda(['batches', 'unload', batch, 'cpb-a'])).exitCode).toBe(0);
  });

  it('does not take what is no MMIF', async () => {
    const refused = await chowda(['batches', 'upload', batch, 'cpb-a', '-'], { stdin: '{"views": 7}' });
    expect(refused).toMatchObject({ exitCode: 1, out: '', err: expect.stringMatching(/^chowda: .*\n$/) });
  });
});

describe('chowda actions', () => {
  it('tells who did what, also of one batch alone', async () => {
    const { exitCode, out } = await chowda(['actions', '--batch', batch]);
    expect(exitCode).toBe(0);
    expect(out).toMatch(/local\tcreate-batch\tname Evening news/);
    expect(out).not.toContain('register-app');
    expect((await chowda(['actions'])).out).toContain('register-app');
    expect((await chowda(['actions', '--batch', '999'])).out).toBe('Nothing was done.\n');
  });
});

describe('chowda retention', () => {
  it('is for ever at first, and is changed for all batches', async () => {
    expect((await chowda(['retention'])).exitCode).toBe(0);
    expect((await chowda(['retention', '--keep', 'final', '--days', '90'])).out).toMatch(/90.*\nSaid by local, /);
    expect((await chowda(['retention', '--keep', 'all'])).exitCode).toBe(0);
  });

  it('is changed for one batch, and given back to the installation', async () => {
    expect((await chowda(['batches', 'retention', batch, '--keep', 'final'])).out).toContain('a rule of its own');
    expect((await chowda(['batches', 'retention', batch])).out).toContain('a rule of its own');
    expect((await chowda(['batches', 'retention', batch, '--as-installed'])).out).toContain(
      'the rule of the installation',
    );
  });

  it.each([[['--days', '3']], [['--keep', 'some']], [['--keep', 'all', '--days', '0']]])(
    'does not understand %j',
    async (options) => {
      expect((await chowda(['retention', ...options])).exitCode).toBe(2);
      expect((await chowda(['batches', 'retention', batch, ...options])).exitCode).toBe(2);
    },
  );
});

describe('the end of a batch', () => {
  it('is shown before it comes', async () => {
    expect((await chowda(['batches', 'usage', batch])).out).toMatch(/^all of it\t0\t0 B\t$/m);
    const shown = await chowda(['batches', 'delete', batch]);
    expect(shown.exitCode).toBe(1);
    expect(shown.out).toContain(`Nothing was deleted: "chowda batches delete ${batch} --yes" does it.`);
    expect((await chowda(['batches', 'show', batch])).exitCode).toBe(0);
    expect((await chowda(['batches', 'delete', batch, '--yes'])).exitCode).toBe(0);
    expect((await chowda(['batches', 'show', batch])).exitCode).toBe(1);
  });
});
