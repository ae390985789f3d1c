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
  it('uploads a document, and unload removes it', async () => {
    const uploaded = await chowda(['batches', 'upload', batch, 'cpb-a', '-'], { stdin: MMIF });
    expect(uploaded).toEqual({
      exitCode: 0,
      out: expect.stringMatching(/^cpb-a starts from this document \(/),
      err: '',
    });
    expect((await chowda(['batches', 'unload', batch, 'cpb-a'])).exitCode).toBe(0);
  });

  it('rejects a file that is not MMIF', async () => {
    const rejected = await chowda(['batches', 'upload', batch, 'cpb-a', '-'], { stdin: '{"views": 7}' });
    expect(rejected).toMatchObject({ exitCode: 1, out: '', err: expect.stringMatching(/^chowda: .*\n$/) });
  });
});

describe('chowda actions', () => {
  it('lists who changed what, for all batches or for one', async () => {
    const { exitCode, out } = await chowda(['actions', '--batch', batch]);
    expect(exitCode).toBe(0);
    expect(out).toMatch(/local\tcreate-batch\tname Evening news/);
    expect(out).not.toContain('register-app');
    expect((await chowda(['actions'])).out).toContain('register-app');
    expect((await chowda(['actions', '--batch', '999'])).out).toBe('No actions.\n');
  });
});

describe('chowda retention', () => {
  it('shows and changes the rule for all batches', async () => {
    expect((await chowda(['retention'])).exitCode).toBe(0);
    expect((await chowda(['retention', '--keep', 'final', '--days', '90'])).out).toMatch(/90.*\nSet by local at /);
    expect((await chowda(['retention', '--keep', 'all'])).exitCode).toBe(0);
  });

  it('sets a rule for one batch, and removes it', async () => {
    const own = 'This rule was set for the batch.';
    expect((await chowda(['batches', 'retention', batch, '--keep', 'final'])).out).toContain(own);
    expect((await chowda(['batches', 'retention', batch])).out).toContain(own);
    expect((await chowda(['batches', 'retention', batch, '--as-installed'])).out).toContain(
      'the rule of the installation',
    );
  });

  it.each([[['--days', '3']], [['--keep', 'some']], [['--keep', 'all', '--days', '0']]])(
    'rejects the options %j',
    async (options) => {
      expect((await chowda(['retention', ...options])).exitCode).toBe(2);
      expect((await chowda(['batches', 'retention', batch, ...options])).exitCode).toBe(2);
    },
  );
});

describe('chowda batches delete', () => {
  it('shows what would be deleted, and deletes it with --yes', async () => {
    expect((await chowda(['batches', 'usage', batch])).out).toMatch(/^total\t0\t0 B\t$/m);
    const shown = await chowda(['batches', 'delete', batch]);
    expect(shown.exitCode).toBe(1);
    expect(shown.out).toContain(`Nothing was deleted. "chowda batches delete ${batch} --yes" deletes the batch.`);
    expect((await chowda(['batches', 'show', batch])).exitCode).toBe(0);
    expect((await chowda(['batches', 'delete', batch, '--yes'])).exitCode).toBe(0);
    expect((await chowda(['batches', 'show', batch])).exitCode).toBe(1);
  });
});
