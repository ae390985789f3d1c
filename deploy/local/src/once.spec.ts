import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiClient } from './api-client.js';
import { finishOnce } from './once.js';

const DOCUMENT =
  '{"metadata":{"mmif":"http://mmif.clams.ai/1.0.5"},"documents":[],"views":[],"big":9223372036854775807}';

const batch = (state: string, sentence: string, version: number) => ({
  id: 7,
  name: 'Sample batch',
  pipeline: { id: 1, name: 'Shots', version: 1 },
  files: 1,
  createdBy: 'local',
  createdAt: '',
  startedAt: null,
  finishedAt: null,
  summary: {
    batch: 7,
    version,
    name: 'Sample batch',
    state,
    runs: { waiting: 0, running: 0, done: 1, failed: 0, cancelled: 0 },
    stages: [],
    sentence,
    errors: [],
  },
});

const stage = (state: string, more: object) => ({
  index: 0,
  app: 'shots_v1',
  name: 'shots',
  state,
  outcome: null,
  sentence: null,
  nextAction: null,
  fingerprint: null,
  trace: null,
  httpStatus: null,
  generation: 1,
  calls: 1,
  worker: null,
  queuedAt: null,
  startedAt: null,
  settledAt: null,
  seconds: 2,
  annotations: { TimeFrame: 3 },
  warnings: [],
  notices: [],
  mark: null,
  retryAt: null,
  runningSeconds: null,
  coverage: null,
  document: null,
  ...more,
});

const run = (state: string, stages: object[]) => ({
  id: 70,
  batch: 7,
  row: 0,
  guid: 'cpb-aacip-1',
  title: '',
  state,
  generation: 1,
  stages,
});
const row = { id: 70, row: 0, guid: 'cpb-aacip-1', title: '', state: 'done', stages: ['done'], sentence: null };

describe(finishOnce, () => {
  let server: Server;
  let api: ApiClient;
  let folder: string;
  let printed: string[];
  /** Responses by path, in order; the last one is repeated. */
  let answers: Record<string, unknown[]>;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'chowda-once-'));
    printed = [];
    server = createServer((request, response) => {
      const queue = answers[request.url ?? ''] ?? [];
      const answer = queue.length > 1 ? queue.shift() : queue[0];
      if (answer === 'away') request.socket.destroy();
      else response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    api = new ApiClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'token');
  });
  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true, force: true });
  });
  const finish = () => finishOnce(api, 7, { resultsFolder: folder, print: (text) => printed.push(text) });
  const rows = { items: [row], next: null };

  it('waits until the batch is finished, writes the last document unchanged and returns 0', async () => {
    const document = { sha256: 'x', bytes: DOCUMENT.length, url: '/api/runs/70/stages/0/document' };
    answers = {
      '/api/batches/7': [batch('running', 'shots 0 %', 1), 'away', batch('finished', 'finished', 2)],
      '/api/batches/7/runs': [rows],
      '/api/runs/70': [run('done', [stage('done', { document })])],
      [document.url]: [DOCUMENT],
    };
    expect(await finish()).toBe(0);
    expect(await readFile(join(folder, 'cpb-aacip-1.mmif'), 'utf8')).toBe(DOCUMENT);
    expect(printed.slice(0, 2)).toEqual(['shots 0 %', 'finished']);
    expect(printed.at(-1)).toBe(`1 of 1 MMIF files are in ${folder}.`);
  });

  it('returns 1, prints the reason and writes no file for a failed run', async () => {
    const failed = stage('failed', { sentence: 'The app did not answer.', nextAction: 'Start it.' });
    answers = {
      '/api/batches/7': [batch('finished', 'finished', 2)],
      '/api/batches/7/runs': [rows],
      '/api/runs/70': [run('failed', [failed])],
    };
    expect(await finish()).toBe(1);
    expect(printed).toContain('cpb-aacip-1: shots: The app did not answer. Start it.');
    expect(await readdir(folder)).toEqual([]);
  });
});
