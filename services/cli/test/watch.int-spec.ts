import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import type { BatchSummary, BatchView, StageCounts } from '#libs/contracts';
import { waitFor } from '#libs/testing';
import { callerOf } from './call.js';

const BATCH = 12;
const noCounts = { waiting: 0, queued: 0, running: 0, done: 0, failed: 0, skipped: 0, cancelled: 0, retrying: 0 };

/** A batch of four files and two stages, at a version. */
function batchAt(version: number, change: Partial<BatchSummary> & { counts?: Partial<StageCounts> } = {}): BatchView {
  const { counts = {}, ...summary } = change;
  const stage = (name: string) => ({
    app: `${name}_v1`,
    name,
    counts: { ...noCounts, ...counts },
    marks: { warnings: 0, empty: 0, partial: 0 },
  });
  return {
    id: BATCH,
    name: 'Tapes',
    pipeline: { id: 1, name: 'Text', version: 1 },
    files: 4,
    createdBy: 'local',
    createdAt: '2026-11-25T16:00:00.000Z',
    startedAt: '2026-11-25T16:01:00.000Z',
    finishedAt: null,
    summary: {
      batch: BATCH,
      version,
      name: 'Tapes',
      state: 'running',
      runs: { waiting: 0, running: 4, done: 0, failed: 0, cancelled: 0 },
      stages: [stage('shots'), stage('text')],
      sentence: `Batch ${BATCH}: version ${version}`,
      errors: [],
      ...summary,
    },
  };
}
const finished = (version: number, runs: Partial<BatchSummary['runs']>) =>
  batchAt(version, {
    state: 'finished',
    runs: { waiting: 0, running: 0, done: 0, failed: 0, cancelled: 0, ...runs },
    sentence: `Batch ${BATCH}: finished`,
  });

/** The batch as the REST interface returns it. */
let view: BatchView;
/** Whether the notifier reports a gap to a subscriber. */
let gap: boolean;
/** Reads over REST so far. */
let reads: number;
let http: HttpServer;
let sockets: Server;
let chowda: ReturnType<typeof callerOf>;

beforeAll(async () => {
  http = createServer((request, response) => {
    if (request.url?.startsWith('/socket.io')) return;
    reads += 1;
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(view));
  });
  sockets = new Server(http);
  sockets.on('connection', (socket) => {
    socket.on('subscribe', ({ topic }: { topic: string }, answer: (answer: object) => void) => {
      void socket.join(topic);
      answer({ ok: true, version: view.summary.version, gap });
    });
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  chowda = callerOf(`http://127.0.0.1:${(http.address() as AddressInfo).port}`, 'token');
});
afterAll(() => sockets.close());
afterEach(() => sockets.disconnectSockets());

const watchers = async () => (await sockets.in(`batch:${BATCH}`).fetchSockets()).length;
const publish = ({ summary }: BatchView) =>
  sockets.to(`batch:${BATCH}`).emit('summary', { topic: `batch:${BATCH}`, summary });

/** Starts to watch the batch; resolves when the notifier has the subscription. */
async function watching(args: readonly string[] = [], columns?: number) {
  view = batchAt(3);
  gap = false;
  reads = 0;
  let seen = '';
  const onOut = (text: string) => void (seen += text);
  const called = chowda(['batches', 'watch', String(BATCH), ...args], { onOut, ...(columns ? { columns } : {}) });
  await waitFor(async () => (await watchers()) > 0, { what: 'A subscription' });
  return { called, shows: (text: string) => waitFor(() => seen.includes(text), { what: `The text "${text}"` }) };
}

describe('chowda batches watch', () => {
  it('shows each state until the batch has finished, and exits with 0 if every run is done', async () => {
    const { called, shows } = await watching();
    publish(batchAt(4));
    await shows('version 4');
    view = finished(5, { done: 4 });
    publish(view);
    expect(await called).toEqual({
      exitCode: 0,
      out: 'Batch 12: version 3\nBatch 12: version 4\nBatch 12: finished\n',
      err: '',
    });
  });

  it.each([{ failed: 1 }, { cancelled: 1 }])('exits with 1 if runs are not done: %j', async (runs) => {
    const { called } = await watching();
    view = finished(5, { done: 3, ...runs });
    publish(view);
    expect((await called).exitCode).toBe(1);
  });

  it('ignores an older version', async () => {
    const { called, shows } = await watching();
    publish(batchAt(7));
    await shows('version 7');
    publish(batchAt(6));
    view = finished(8, { done: 4 });
    publish(view);
    expect((await called).out).not.toContain('version 6');
  });

  it('reads a snapshot after a gap', async () => {
    const { called } = await watching();
    await waitFor(() => reads === 1);
    gap = true;
    view = finished(9, { done: 4 });
    sockets.disconnectSockets(true);
    expect(await called).toMatchObject({ exitCode: 0, out: expect.stringContaining('finished') });
  });

  it('prints the batch at each state with --json', async () => {
    const { called } = await watching(['--json']);
    view = finished(5, { done: 4 });
    publish(view);
    const lines = (await called).out.trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as BatchView).summary.version)).toEqual([3, 5]);
    expect(lines.at(-1)).toBe(JSON.stringify(view));
  });

  it('draws a progress bar for each stage on a terminal', async () => {
    const { called } = await watching([], 80);
    view = finished(5, { done: 3, failed: 1 });
    view.summary.stages[1]!.counts = { ...noCounts, done: 3, failed: 1 };
    publish(view);
    const { out } = await called;
    expect(out).toMatch(/text +█+ 100 % {2}4\/4 {2}1 failed/);
  });

  it('shows the remaining time on a terminal', async () => {
    const { called, shows } = await watching([], 80);
    const seconds = { p50: 480, p90: 780 };
    const at = { p50: '2026-11-25T17:00:00.000Z', p90: '2026-11-25T17:05:00.000Z' };
    const eta = { seconds, at, stage: 'text', stalled: false, sentence: 'Done in about 8 to 13 minutes.' };
    view = { ...batchAt(4), eta };
    gap = true;
    sockets.disconnectSockets(true);
    await shows(eta.sentence);
    view = finished(5, { done: 4 });
    publish(view);
    expect((await called).exitCode).toBe(0);
  });

  it('does not wait for a batch that has not been started', async () => {
    view = batchAt(0, { state: 'draft' });
    expect(await chowda(['batches', 'watch', String(BATCH)])).toEqual({
      exitCode: 1,
      out: '',
      err: 'chowda: Batch 12 has not been started. "chowda batches start 12" starts it.\n',
    });
  });

  it('exits with 130 after Ctrl-C', async () => {
    view = batchAt(3);
    gap = false;
    const interrupt = new AbortController();
    const called = chowda(['batches', 'watch', String(BATCH)], { signal: interrupt.signal });
    await waitFor(async () => (await watchers()) > 0, { what: 'A subscription' });
    interrupt.abort();
    expect(await called).toMatchObject({ exitCode: 130, err: '' });
    await waitFor(async () => (await watchers()) === 0, { what: 'The end of the subscription' });
  });
});
