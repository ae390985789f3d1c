import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import {
  AdmissionRepository,
  type ClaimedRun,
  LeaderEpoch,
  RecorderRepository,
  RunsRepository,
  type StageChange,
  SweepRepository,
} from '../src/index.js';
import { admitStages } from './admit-stages.js';
import { counters, recount } from './recount.js';
import { stageChange } from '#libs/testing';
import { TestArchive, type TestRun } from './test-archive.js';

const APP = 'shots_v1';
const cursor = { stream: 'EVENTS', streamCreated: '2026-01-01T00:00:00Z', sequence: 1 };
const OUTPUT = Buffer.from('{"views":[]}');
const DOCUMENT = {
  sha256: createHash('sha256').update(OUTPUT).digest('hex'),
  bytes: OUTPUT.length,
  encoding: 'identity' as const,
  content: OUTPUT,
};

let archive: TestArchive;
let admission: AdmissionRepository;
let recorder: RecorderRepository;
let sweep: SweepRepository;
let run: TestRun;

beforeAll(async () => {
  archive = await TestArchive.open();
  const epoch = new LeaderEpoch();
  admission = new AdmissionRepository(archive.dataSource, epoch);
  recorder = new RecorderRepository(archive.dataSource, epoch);
  sweep = new SweepRepository(archive.dataSource, epoch);
});
afterAll(() => archive.close());
beforeEach(async () => {
  [run] = await archive.runningBatch({ files: 1 });
  await admit();
});

async function admit(): Promise<ClaimedRun[]> {
  const claimed: ClaimedRun[] = [];
  await admitStages(admission, run.batch, 10, async (runs) => void claimed.push(...runs));
  return claimed;
}
const record = (change: Partial<StageChange>) =>
  recorder.record([stageChange({ ...run, ...change })], [DOCUMENT], cursor);
const done = (index: number, generation = 1) =>
  record({
    index,
    generation,
    state: 'done',
    rank: 2,
    outcome: 'ok',
    settledAt: Date.now(),
    document: DOCUMENT.sha256,
  });
const started = (index: number, generation = 1) => record({ index, generation });
const find = async () => (await new RunsRepository(archive.dataSource).find(run.run, () => '/document'))!;
const unsettled = async () => (await sweep.unsettled()).filter((stage) => stage.batch === run.batch);
const lost = (index: number, generation = 1) => [{ run: run.run, index, generation }];
const query = <Row>(statement: string, ...parameters: unknown[]) =>
  archive.dataSource.query<Row[]>(statement, parameters);
const countsAreRight = async () =>
  expect(await counters(archive.dataSource, run.batch)).toEqual(await recount(archive.dataSource, run.batch));

describe('unsettled stages', () => {
  it('include the current stages of running runs', async () => {
    await started(0);
    expect(await unsettled()).toMatchObject([
      {
        ...run,
        guid: 'cpb-aacip-0',
        index: 0,
        stages: 2,
        app: APP,
        nextApp: APP,
        generation: 1,
        root: '100',
        isCurrent: true,
        paused: false,
        cancelled: false,
      },
    ]);
    await done(0);
    expect(await unsettled()).toMatchObject([{ index: 1, nextApp: null }]);
    await done(1);
    expect(await unsettled()).toEqual([]);
  });

  it('indicate that they are paused or cancelled', async () => {
    await query('update batches set paused_at = now(), cancelled_generation = 1 where id = $1', run.batch);
    expect(await unsettled()).toMatchObject([{ paused: true, cancelled: true }]);
    await query('update batches set paused_at = null, cancelled_generation = 0 where id = $1', run.batch);
    await query("update apps set paused_at = now(), paused_by = 'kc'");
    expect(await unsettled()).toMatchObject([{ paused: true, cancelled: false }]);
    await query('update apps set paused_at = null, paused_by = null');
  });

  it('include stages that a run has passed without a settlement, until it is recorded', async () => {
    await started(0);
    await started(1);
    expect(await unsettled()).toMatchObject([
      { index: 1, isCurrent: true },
      { index: 0, isCurrent: false },
    ]);
    await done(1);
    expect(await find()).toMatchObject({ state: 'done', stages: [{ state: 'running' }, { state: 'done' }] });
    expect(await unsettled()).toMatchObject([{ index: 0, isCurrent: false }]);
    await done(0);
    expect(await unsettled()).toEqual([]);
    expect(await find()).toMatchObject({ state: 'done', stages: [{ state: 'done' }, { state: 'done' }] });
    await countsAreRight();
  });
});

describe('a run that is returned to waiting', () => {
  it('waits at the lost stage and is admitted as the next generation with the output of the previous stage', async () => {
    await done(0);
    await started(1);
    const [change] = await sweep.returnToWaiting(lost(1));
    expect(change?.cells).toEqual([{ row: 0, index: 1, state: 'waiting', mark: undefined }]);
    expect(await find()).toMatchObject({ state: 'waiting', stages: [{ state: 'done' }, { state: 'waiting' }] });
    await countsAreRight();
    expect(await admit()).toMatchObject([{ index: 1, generation: 2, input: { sha256: DOCUMENT.sha256 } }]);
    await countsAreRight();
  });

  it('keeps its number of calls over every attempt that the sweeper creates, until one is settled', async () => {
    await record({ index: 0, calls: 2 });
    await sweep.returnToWaiting(lost(0));
    expect(await admit()).toMatchObject([{ index: 0, generation: 2, calls: 2 }]);
    await sweep.returnToWaiting(lost(0, 2));
    expect(await admit()).toMatchObject([{ index: 0, generation: 3, calls: 2 }]);
    await record({ index: 0, generation: 3, calls: 3 });
    await sweep.returnToWaiting(lost(0, 3));
    expect(await admit()).toMatchObject([{ index: 0, generation: 4, calls: 3 }]);
    await record({
      index: 0,
      generation: 4,
      calls: 4,
      state: 'failed',
      rank: 3,
      outcome: 'out-of-memory',
      settledAt: 2,
    });
    await query('update runs set not_before = now() where id = $1', run.run);
    expect(await admit()).toMatchObject([{ index: 0, generation: 5, calls: 0 }]);
  });

  it('does not count a call that a lost stream cut off', async () => {
    const streamLost = (generation: number) => lost(0, generation).map((stage) => ({ ...stage, streamLost: true }));
    await record({ index: 0, calls: 1 });
    await sweep.returnToWaiting(streamLost(1));
    expect(await admit()).toMatchObject([{ index: 0, generation: 2, calls: 0 }]);
    await record({ index: 0, generation: 2, calls: 3 });
    await sweep.returnToWaiting(streamLost(2));
    expect(await admit()).toMatchObject([{ index: 0, generation: 3, calls: 2 }]);
    await sweep.returnToWaiting(streamLost(3));
    expect(await admit()).toMatchObject([{ index: 0, generation: 4, calls: 2 }]);
  });

  it('records a settlement of the lost attempt until it is admitted again', async () => {
    await started(0);
    await sweep.returnToWaiting(lost(0));
    await done(0);
    expect(await find()).toMatchObject({ state: 'running', stages: [{ state: 'done' }, { state: 'waiting' }] });
    expect(await admit()).toEqual([]);
    await countsAreRight();
  });

  it('does not change when it has moved, has a newer attempt, or was cancelled meanwhile', async () => {
    await done(0);
    expect(await sweep.returnToWaiting(lost(0))).toEqual([]);
    expect(await sweep.returnToWaiting(lost(1, 7))).toEqual([]);
    await query('update batches set cancelled_generation = 1 where id = $1', run.batch);
    expect(await sweep.returnToWaiting(lost(1))).toEqual([]);
    expect(await find()).toMatchObject({ state: 'running', stages: [{ state: 'done' }, { state: 'waiting' }] });
  });

  it('returns to a stage that it has passed, even from its end', async () => {
    await started(0);
    await done(1);
    expect(await find()).toMatchObject({ state: 'done' });
    await sweep.returnToWaiting(lost(0));
    expect(await find()).toMatchObject({ state: 'waiting', stages: [{ state: 'waiting' }, { state: 'done' }] });
    expect(await query('select state from batches where id = $1', run.batch)).toEqual([{ state: 'running' }]);
    expect(await admit()).toMatchObject([{ index: 0, generation: 2, input: null }]);
    await countsAreRight();
  });

  it('returns to the first of two lost stages', async () => {
    await started(0);
    await started(1);
    await sweep.returnToWaiting([...lost(1), ...lost(0)]);
    expect(await find()).toMatchObject({ state: 'waiting', stages: [{ state: 'waiting' }, { state: 'running' }] });
    await countsAreRight();
    expect(await admit()).toMatchObject([{ index: 0, generation: 2 }]);
  });

  it('is not admitted at a stage whose input is missing, but returns to the stage that produces it', async () => {
    await started(0);
    await record({ index: 1, state: 'waiting', rank: 2 });
    expect(await find()).toMatchObject({ state: 'waiting', stages: [{ state: 'running' }, { state: 'waiting' }] });
    expect(await admit()).toEqual([]);
    await countsAreRight();
    expect(await admit()).toMatchObject([{ index: 0, generation: 3, input: null }]);
    await done(0);
    expect(await find()).toMatchObject({ state: 'running', stages: [{ state: 'queued' }, { state: 'waiting' }] });
    await countsAreRight();
  });
});
