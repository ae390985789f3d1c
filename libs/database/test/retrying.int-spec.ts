import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import {
  AdmissionRepository,
  type ClaimedRun,
  LeaderEpoch,
  NotLeaderError,
  RecorderRepository,
  RunsRepository,
  type StageChange,
} from '../src/index.js';
import { admitStages } from './admit-stages.js';
import { counters, recount } from './recount.js';
import { stageChange } from '#libs/testing';
import { TestArchive, type TestRun } from './test-archive.js';

const cursor = { stream: 'EVENTS', streamCreated: '2026-01-01T00:00:00Z', sequence: 1 };
const HOUR = 3_600_000;
const OUTPUT = Buffer.from('{"views":[]}');
const DOCUMENT = {
  sha256: createHash('sha256').update(OUTPUT).digest('hex'),
  bytes: OUTPUT.length,
  encoding: 'identity' as const,
  content: OUTPUT,
};

let archive: TestArchive;
let epoch: LeaderEpoch;
let admission: AdmissionRepository;
let recorder: RecorderRepository;
let run: TestRun;

beforeAll(async () => {
  archive = await TestArchive.open();
});
afterAll(() => archive.close());
beforeEach(async () => {
  epoch = new LeaderEpoch();
  admission = new AdmissionRepository(archive.dataSource, epoch);
  recorder = new RecorderRepository(archive.dataSource, epoch);
  [run] = await archive.runningBatch({ files: 1 });
});

async function admit(): Promise<ClaimedRun[]> {
  const claimed: ClaimedRun[] = [];
  await admitStages(admission, run.batch, 10, async (runs) => void claimed.push(...runs));
  return claimed;
}
const record = (change: Partial<StageChange>) =>
  recorder.record([stageChange({ ...run, rank: 2, ...change })], [DOCUMENT], cursor);
const done = (index: number, generation: number) =>
  record({ index, generation, state: 'done', outcome: 'ok', settledAt: Date.now(), document: DOCUMENT.sha256 });
const unreachable = (index: number, generation: number, settledAt = Date.now()) =>
  record({
    index,
    generation,
    state: 'failed',
    outcome: 'unreachable',
    fingerprint: 'x',
    sentence: 'Away.',
    settledAt,
  });
const find = async () => (await new RunsRepository(archive.dataSource).find(run.run, () => '/document'))!;
/** Makes the retry due. */
const letTimePass = () =>
  archive.dataSource.query("update runs set not_before = now() - interval '1 s' where id = $1", [run.run]);

describe('a transient failure', () => {
  it('makes its run wait, and is retried from the output of the previous stage when it is due', async () => {
    await admit();
    await done(0, 1);
    await unreachable(1, 1);
    const waiting = await find();
    expect(waiting).toMatchObject({ state: 'waiting', stages: [{ state: 'done' }, { state: 'retrying' }] });
    expect(Date.parse(waiting.stages[1]!.retryAt!)).toBeGreaterThan(Date.now());
    expect(await admit()).toEqual([]);

    await letTimePass();
    expect(await admit()).toMatchObject([
      { index: 1, generation: 2, input: { sha256: DOCUMENT.sha256, bytes: DOCUMENT.bytes } },
    ]);
    expect(await find()).toMatchObject({
      state: 'running',
      generation: 2,
      stages: [{ state: 'done' }, { state: 'queued' }],
    });
    expect(await counters(archive.dataSource, run.batch)).toEqual(await recount(archive.dataSource, run.batch));
  });

  it.each([HOUR, -HOUR])('is retried after its delay when the clock of the worker is wrong by %i ms', async (skew) => {
    await admit();
    await unreachable(0, 1, Date.now() + skew);
    const [wait] = await archive.dataSource.query<{ seconds: number }[]>(
      'select extract(epoch from not_before - now())::float8 as seconds from runs where id = $1',
      [run.run],
    );
    expect(wait!.seconds).toBeGreaterThan(0);
    expect(wait!.seconds).toBeLessThan(60);
  });

  it('has a limited number of retries, which is reset when the stage is done', async () => {
    await admit();
    for (let generation = 1; generation <= 3; generation += 1) {
      await unreachable(0, generation);
      await letTimePass();
      expect(await admit()).toMatchObject([{ index: 0, generation: generation + 1, input: null }]);
    }
    await done(0, 4);
    await unreachable(1, 4);
    expect(await find()).toMatchObject({ state: 'waiting', stages: [{ state: 'done' }, { state: 'retrying' }] });
    expect(await counters(archive.dataSource, run.batch)).toEqual(await recount(archive.dataSource, run.batch));
  });

  it('fails its run when no retry is left', async () => {
    await admit();
    for (let generation = 1; generation <= 4; generation += 1) {
      await unreachable(0, generation);
      await letTimePass();
      await admit();
    }
    expect(await find()).toMatchObject({ state: 'failed', stages: [{ state: 'failed' }, { state: 'waiting' }] });
  });

  it('keeps the result of each attempt', async () => {
    await admit();
    await unreachable(0, 1);
    await letTimePass();
    await admit();
    await done(0, 2);
    const past = await archive.dataSource.query(
      'select index, generation, state, outcome, sentence from past_stage_runs where run_id = $1',
      [run.run],
    );
    expect(past).toEqual([{ index: 0, generation: 1, state: 'retrying', outcome: 'unreachable', sentence: 'Away.' }]);
  });
});

describe('a parked stage', () => {
  it('makes its run wait until its batch is resumed', async () => {
    await admit();
    await record({ state: 'waiting', generation: 1 });
    expect(await find()).toMatchObject({ state: 'waiting', stages: [{ state: 'waiting' }, { state: 'waiting' }] });
    await archive.dataSource.query('update batches set paused_at = now() where id = $1', [run.batch]);
    expect(await admit()).toEqual([]);
    expect((await admission.waitingBatches(10)).map(({ id }) => id)).not.toContain(run.batch);
    await archive.dataSource.query('update batches set paused_at = null where id = $1', [run.batch]);
    expect(await admit()).toMatchObject([{ index: 0, generation: 2 }]);
    expect(await counters(archive.dataSource, run.batch)).toEqual(await recount(archive.dataSource, run.batch));
  });
});

describe('a leader', () => {
  it('cannot write after another process has become the leader', async () => {
    const [{ epoch: ours }] = await archive.dataSource.query('select epoch::int from leader');
    epoch.lead(ours);
    await admit();
    await archive.dataSource.query('update leader set epoch = epoch + 1');
    await expect(unreachable(0, 1)).rejects.toThrow(NotLeaderError);
    await expect(admitStages(admission, run.batch, 1)).rejects.toThrow(NotLeaderError);
    expect(await find()).toMatchObject({ stages: [{ state: 'queued' }, { state: 'waiting' }] });
  });
});
