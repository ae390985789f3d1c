import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import pg from 'pg';
import {
  decodeBody,
  type StageEvent,
  liveCommitSchema,
  liveSubject,
  settledSubject,
  type Slip,
  startedSubject,
  STREAMS,
  unpackCells,
} from '#libs/contracts';
import { sha256 } from '#libs/messaging';
import type { RunningService } from '#libs/runtime';
import { waitFor } from '#libs/testing';
import { eventOf, SchedulerStage } from './scheduler-stage.js';

const SLOW = 30_000;
const STAGES = 2;
const TIMES = { published: 1_790_000_000_000, started: 1_790_000_001_000, settled: 1_790_000_002_000 };

let stage: SchedulerStage;
let scheduler: RunningService;
let postgres: pg.Client;
let batches = 0;

beforeAll(async () => {
  stage = await SchedulerStage.open();
  await stage.registerApp('shots', 20);
  await stage.registerApp('text', 20);
  postgres = new pg.Client({ connectionString: stage.database.url });
  await postgres.connect();
  scheduler = await stage.startScheduler();
});

afterEach(async () => {
  // A test that restarts the broker may have failed before the connection was back.
  await waitFor(() => stage.link.isConnected());
});

afterAll(async () => {
  await postgres.end();
  await scheduler.close();
  await stage.close();
});

/** A started batch of `files` files through two stages; returns the slips of its first stage by row. */
async function admitted(files: number): Promise<{ batch: number; slips: Slip[] }> {
  const batch = await stage.startBatch(`b${(batches += 1)}`, files, ['shots', 'text']);
  const rows = Array.from({ length: files }, (_, row) => row);
  const found = await Promise.all(rows.map((row) => stage.untilStage('shots', batch, row)));
  return { batch, slips: found.map(({ slip }) => slip) };
}

const pack = (slip: Slip, document: Uint8Array) => stage.link.documents.pack(slip, document);
const text = (content: string) => Buffer.from(content);

async function reportDone(slip: Slip, document: Uint8Array, change: Partial<StageEvent> = {}): Promise<void> {
  const output = await pack(slip, document);
  await stage.report(eventOf(slip, change, output), output.inline);
}

const untilState = (batch: number, row: number, state: string) =>
  waitFor(async () => (await stage.states(batch))[row] === state, { what: `Row ${row} being ${state}` });

async function archived(document: Uint8Array): Promise<Buffer | null> {
  const { rows } = await postgres.query<{ encoding: string; content: Buffer }>(
    'select encoding, content from documents where sha256 = $1',
    [sha256(document)],
  );
  const row = rows[0];
  return row ? (row.encoding === 'gzip' ? gunzipSync(row.content) : row.content) : null;
}

const parked = async (subject: string) =>
  (
    await postgres.query<{ reason: string; body: Buffer }>(
      'select reason, body from recorder_parked where subject = $1',
      [subject],
    )
  ).rows;

/** Collects the live messages about a batch. */
function followLive(batch: number) {
  const commits: { from: number; to: number; sentence: string; state: string }[] = [];
  const cells = new Map<string, string>();
  const subscription = stage.link.connection.subscribe(liveSubject(batch), {
    callback: (_, message) => {
      const { head, rest } = decodeBody(message.data);
      const { from, to, summary } = liveCommitSchema.parse(head);
      commits.push({ from, to, sentence: summary.sentence, state: summary.state });
      for (const { row, index, state } of unpackCells(rest, STAGES)) cells.set(`${row}/${index}`, state);
    },
  });
  return { commits, cells, stop: () => subscription.unsubscribe() };
}

describe('the recorder', () => {
  it('records a run from its start to its end', async () => {
    const {
      batch,
      slips: [slip],
    } = await admitted(1);
    const output = text('{"views": ["shots"]}');
    await stage.report(eventOf(slip!, {}));
    await waitFor(async () => (await stage.run(batch, 0)).stages[0]?.state === 'running');
    await reportDone(slip!, output, {
      sentence: 'shots found 2 TimeFrame.',
      counts: { TimeFrame: 2 },
      times: { published: 1000, started: 2000, settled: 5500 },
    });
    await waitFor(async () => (await stage.run(batch, 0)).stages[1]?.state === 'queued');
    expect((await stage.run(batch, 0)).stages[0]).toMatchObject({
      state: 'done',
      outcome: 'ok',
      sentence: 'shots found 2 TimeFrame.',
      generation: 1,
      calls: 1,
      worker: 'w1',
      seconds: 3.5,
      annotations: { TimeFrame: 2 },
      document: { sha256: sha256(output), bytes: output.byteLength },
    });
    await reportDone({ ...slip!, index: 1 }, text('{"views": ["shots", "text"]}'));
    await untilState(batch, 0, 'done');
    expect((await stage.run(batch, 0)).stages.map(({ state }) => state)).toEqual(['done', 'done']);
  });

  it('archives outputs byte by byte, inline ones and those in the bucket', async () => {
    const { batch, slips } = await admitted(3);
    const small = text('{"number": 9007199254740993.10, "text": "äöü"}\n');
    const large = randomBytes(300_000);
    await reportDone(slips[0]!, small);
    await reportDone(slips[1]!, large);
    await reportDone(slips[2]!, small);
    await waitFor(async () =>
      (await Promise.all([0, 1, 2].map((row) => stage.run(batch, row)))).every((run) => run.stages[0]?.document),
    );
    expect(Buffer.compare((await archived(small))!, small)).toBe(0);
    expect(Buffer.compare((await archived(large))!, large)).toBe(0);
  });

  it('records a failure with class and sentence, and the end of a batch', async () => {
    const { batch, slips } = await admitted(2);
    const live = followLive(batch);
    const failure = {
      kind: 'failed',
      outcome: 'app-error',
      sentence: 'shots failed: no frames.',
      fingerprint: 'shots|app-error|no frames',
      trace: 'File "app.py"',
    } as const;
    for (const slip of slips) await stage.report(eventOf(slip, failure));
    await untilState(batch, 1, 'failed');
    expect((await stage.run(batch, 0)).stages).toMatchObject([
      { state: 'failed', outcome: 'app-error', sentence: 'shots failed: no frames.', trace: 'File "app.py"' },
      { state: 'waiting' },
    ]);
    await waitFor(() => live.commits.some(({ state }) => state === 'finished'));
    expect(live.commits.at(-1)).toMatchObject({ sentence: `Batch ${batch}: finished, 0 done, 2 failed` });
    live.stop();
  });

  it('publishes live what it has committed, without a gap between versions', async () => {
    const batch = await stage.draftBatch(`b${(batches += 1)}`, 10, ['shots', 'text']);
    const live = followLive(batch);
    await stage.link.connection.flush();
    await stage.start(batch);
    for (let row = 0; row < 10; row += 1) {
      const { slip } = await stage.untilStage('shots', batch, row);
      await stage.report(eventOf(slip, {}));
      await reportDone(slip, text(`{"row": ${row}}`));
    }
    await waitFor(
      () =>
        live.cells.size === 20 &&
        [...live.cells].every(([cell, state]) => state === (cell.endsWith('/0') ? 'done' : 'queued')),
    );
    const changes = live.commits.filter(({ from, to }) => to > from);
    changes.slice(1).forEach(({ from }, position) => expect(from).toBe(changes[position]!.to));
    live.stop();
  });

  it('parks what it cannot read or apply, retries a stage whose output is lost, and records the rest', async () => {
    const {
      batch,
      slips: [slip, other],
    } = await admitted(2);
    const unknown = { ...slip!, run: 999_999 };
    const lost = { ...other!, index: 1 };
    const missing = { key: 'nowhere', sha256: 'a'.repeat(64), bytes: 70_000, encoding: 'gzip' } as const;
    const noJson = startedSubject({ batch, run: 1, index: 8 });
    await Promise.all([
      stage.link.publisher.publish(noJson, text('not json\n')),
      stage.link.publisher.publish(startedSubject({ batch, run: 1, index: 9 }), text('{"v": 1}\n')),
      stage.report(eventOf(slip!, { installation: 'elsewhere', index: 7 })),
      stage.report(eventOf(unknown, {})),
      stage.report(eventOf(lost, { kind: 'done', outcome: 'ok', document: missing, times: TIMES })),
      reportDone(slip!, text('{"sound": true}')),
    ]);
    await waitFor(async () => (await stage.run(batch, 0)).stages[0]?.state === 'done');
    await waitFor(async () => (await parked(settledSubject(lost))).length > 0);
    expect(await parked(noJson)).toEqual([
      { reason: 'The first line of the message is not valid JSON.', body: text('not json\n') },
    ]);
    expect(await parked(startedSubject({ batch, run: 1, index: 9 }))).toMatchObject([
      { reason: expect.stringContaining('not a valid stage event') as unknown },
    ]);
    expect(await parked(startedSubject({ ...slip!, index: 7 }))).toMatchObject([
      { reason: 'The event belongs to installation elsewhere.' },
    ]);
    expect(await parked(startedSubject(unknown))).toHaveLength(1);
    expect(await parked(settledSubject(lost))).toMatchObject([
      { reason: expect.stringContaining('nowhere') as unknown },
    ]);
    expect(await parked(settledSubject(slip!))).toEqual([]);
    await waitFor(async () => (await stage.run(batch, 1)).stages[1]?.state === 'retrying');
    expect((await stage.run(batch, 1)).stages[1]).toMatchObject({
      outcome: 'unreachable',
      sentence: expect.stringMatching(/^The output of text was lost: .*nowhere/),
    });
  });

  it('has the same result when events are repeated or reordered', async () => {
    const {
      batch,
      slips: [slip],
    } = await admitted(1);
    const output = text('{"again": true}');
    await reportDone(slip!, output);
    await stage.report(eventOf(slip!, {}));
    await stage.report(eventOf(slip!, { delivery: 2 }));
    await reportDone({ ...slip!, index: 1 }, output);
    await reportDone(slip!, output);
    await untilState(batch, 0, 'done');
    const manager = await stage.link.connection.jetstreamManager();
    await waitFor(async () => {
      const { ack_floor: floor } = await manager.consumers.info(STREAMS.events.name, 'recorder');
      return floor.stream_seq === (await manager.streams.info(STREAMS.events.name)).state.last_seq;
    });
    expect((await stage.run(batch, 0)).stages.map(({ state }) => state)).toEqual(['done', 'done']);
    const { rows } = await postgres.query(
      'select state, count from batch_run_counts where batch_id = $1 and count <> 0',
      [batch],
    );
    expect(rows).toEqual([{ state: 'done', count: 1 }]);
  });

  it('publishes the versions of recent batches at its start, because the previous leader may not have', async () => {
    const [late, old] = [await admitted(1), await admitted(1)];
    await scheduler.close();
    const finish = async (batch: number, ago: string) => {
      const { rows } = await postgres.query<{ version: string }>(
        `update batches set state = 'finished', finished_at = now() - $2::interval, version = version + 1
         where id = $1 returning version`,
        [batch, ago],
      );
      return Number(rows[0]!.version);
    };
    const version = await finish(late.batch, '1 minute');
    await finish(old.batch, '1 hour');
    const [live, silent] = [followLive(late.batch), followLive(old.batch)];
    scheduler = await stage.startScheduler();
    await waitFor(() => live.commits.some(({ to, state }) => to === version && state === 'finished'));
    expect(silent.commits).toEqual([]);
    [live, silent].forEach(({ stop }) => stop());
  });

  it(
    'continues where it stopped, also after the broker was killed',
    async () => {
      const {
        batch,
        slips: [first, second, third],
      } = await admitted(3);
      await scheduler.close();
      await reportDone(first!, text('{"while": "stopped"}'));
      scheduler = await stage.startScheduler();
      await waitFor(async () => (await stage.run(batch, 0)).stages[0]?.state === 'done');
      await reportDone(second!, text('{"before": "the kill"}'));
      await stage.nats.restart();
      await waitFor(() => stage.link.isConnected());
      await reportDone(third!, text('{"after": "the kill"}'));
      await waitFor(async () => (await stage.run(batch, 1)).stages[0]?.state === 'done', { within: SLOW });
      await waitFor(async () => (await stage.run(batch, 2)).stages[0]?.state === 'done', { within: SLOW });
      const live = followLive(batch);
      await reportDone({ ...third!, index: 1 }, text('{"live": "again"}'));
      await waitFor(() => live.cells.get('2/1') === 'done');
      live.stop();
    },
    SLOW,
  );
});
