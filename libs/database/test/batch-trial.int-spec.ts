import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  AdmissionRepository,
  BatchesRepository,
  BatchSummaries,
  CancelRepository,
  ExplainRepository,
  LeaderEpoch,
  RecorderRepository,
  SweepRepository,
} from '../src/index.js';
import { admitStages } from './admit-stages.js';
import { cancelWholeBatch } from './cancel-whole-batch.js';
import { counters, recount } from './recount.js';
import { stageChange } from '#libs/testing';
import { TestArchive } from './test-archive.js';

const CURSOR = { stream: 'EVENTS', streamCreated: '2026-01-01T00:00:00Z', sequence: 1 };

let archive: TestArchive;
let batches: BatchesRepository;
let admission: AdmissionRepository;
let recorder: RecorderRepository;
let batch: number;
const epoch = new LeaderEpoch();

beforeAll(async () => {
  archive = await TestArchive.open();
  batches = new BatchesRepository(archive.dataSource);
  admission = new AdmissionRepository(archive.dataSource, epoch);
  recorder = new RecorderRepository(archive.dataSource, epoch);
});
afterAll(() => archive.close());
beforeEach(async () => {
  ({ id: batch } = await archive.draft({ files: 5, stages: 1 }));
});

const start = (trial: number | null = null) => batches.start(batch, { by: 'kc', trial });
async function waiting(): Promise<number> {
  const found = (await admission.waitingBatches(500)).find(({ id }) => id === batch);
  return (found?.waiting ?? []).reduce((sum, { count }) => sum + count, 0);
}
const summary = async () => (await new BatchSummaries(archive.dataSource).of([batch])).get(batch)!;
async function admit(): Promise<number[]> {
  const rows: number[] = [];
  await admitStages(admission, batch, 500, async (runs) => void rows.push(...runs.map(({ row }) => row)));
  return rows;
}
async function settle(row: number, state: 'done' | 'failed'): Promise<void> {
  const [run] = await archive.dataSource.query<[{ id: string }]>(
    'select id from runs where batch_id = $1 and row = $2',
    [batch, row],
  );
  const outcome = state === 'done' ? 'ok' : 'invalid-input';
  const change = { batch, run: Number(run.id), row, stages: 1, state, outcome, rank: 2, settledAt: 1 } as const;
  await recorder.record([stageChange(change)], [], CURSOR);
}
const rightCounters = async () =>
  expect(await counters(archive.dataSource, batch)).toEqual(await recount(archive.dataSource, batch));

describe('a trial', () => {
  it('admits only the first files and does not finish the batch', async () => {
    expect(await start(2)).toBe('started');
    expect(await waiting()).toBe(2);
    expect(await admit()).toEqual([0, 1]);
    expect([await waiting(), await admit()]).toEqual([0, []]);
    await settle(0, 'done');
    expect(await summary()).toMatchObject({
      state: 'running',
      trial: { files: 2, done: 1, failed: 0, ended: false },
      sentence: `Batch ${batch}: trial of 2, 1 done`,
    });
    await settle(1, 'failed');
    expect(await summary()).toMatchObject({
      state: 'running',
      trial: { files: 2, done: 1, failed: 1, ended: true },
      sentence: `Batch ${batch}: trial of 2 finished, 1 done (1 failed); start the batch again to run the rest`,
      runs: { waiting: 3 },
    });
    await rightCounters();
  });

  it('continues with the remaining files only when the batch is started again after it has ended', async () => {
    await start(1);
    await admit();
    expect(await start()).toBe('already-started');
    expect(await start(1)).toBe('already-started');
    expect(await waiting()).toBe(0);
    await settle(0, 'done');
    expect(await start()).toBe('continued');
    expect(await start()).toBe('already-started');
    expect(await summary()).not.toHaveProperty('trial');
    expect(await admit()).toEqual([1, 2, 3, 4]);
    for (const row of [1, 2, 3, 4]) await settle(row, 'done');
    expect(await summary()).toMatchObject({ state: 'finished', runs: { done: 5 } });
    await rightCounters();
  });

  it('can be enlarged while it runs; 0 includes all files', async () => {
    await start(1);
    expect(await start(3)).toBe('continued');
    expect(await start(2)).toBe('already-started');
    expect(await admit()).toEqual([0, 1, 2]);
    expect(await start(0)).toBe('continued');
    expect(await admit()).toEqual([3, 4]);
  });

  it('does not exist when it includes all files of the batch', async () => {
    await start(5);
    expect(await summary()).not.toHaveProperty('trial');
    expect(await waiting()).toBe(5);
  });

  it('can be set when the batch is created, and is started once by repeated start commands', async () => {
    const { id: first } = await archive.draft({ files: 3, stages: 1 });
    const creation = await batches.create({
      name: 'Tried first',
      pipeline: '1 stages',
      files: { batch: first, runs: 'all' },
      createdBy: 'kc',
      trial: 2,
    });
    if (creation.result !== 'created') throw new Error(creation.result);
    batch = creation.id;
    const starts = await Promise.all(Array.from({ length: 20 }, () => start()));
    expect(starts.filter((result) => result !== 'already-started')).toEqual(['started']);
    expect(await admit()).toEqual([0, 1]);
  });

  it('continues with the remaining files once after concurrent commands', async () => {
    await start(1);
    await admit();
    await settle(0, 'done');
    const { version } = await summary();
    const starts = await Promise.all(Array.from({ length: 20 }, () => start()));
    expect(starts.filter((result) => result === 'continued')).toHaveLength(1);
    expect((await summary()).version).toBe(version + 1);
  });

  it('excludes the remaining runs from the sweep, and explain shows what they wait for', async () => {
    await start(1);
    await admit();
    await settle(0, 'done');
    expect((await new SweepRepository(archive.dataSource, epoch).unsettled()).filter((s) => s.batch === batch)).toEqual(
      [],
    );
    const explain = new ExplainRepository(archive.dataSource);
    const [{ id }] = await archive.dataSource.query<[{ id: string }]>(
      'select id from runs where batch_id = $1 and row = 1',
      [batch],
    );
    expect(await explain.run(Number(id))).toMatchObject({
      isBeyondTrial: true,
      batch: { trial: { files: 1, open: 0 } },
    });
  });

  it('ends together with its batch when the batch is cancelled', async () => {
    await start(1);
    await cancelWholeBatch(new CancelRepository(archive.dataSource, epoch), batch);
    expect(await summary()).toMatchObject({ state: 'finished', runs: { cancelled: 5 } });
    expect(await summary()).not.toHaveProperty('trial');
  });

  it('does not lower the pass of new batches after it has ended', async () => {
    await start(1);
    await admit();
    await settle(0, 'done');
    await archive.dataSource.query(`update batches set pass = 5000 where state = 'running' and id <> $1`, [batch]);
    const { id } = await archive.draft({ files: 1, stages: 1 });
    const passOf = async (of: number) =>
      (await archive.dataSource.query<[{ pass: number }]>('select pass from batches where id = $1', [of]))[0].pass;
    const [others] = await archive.dataSource.query<[{ count: number }]>(
      `select count(*)::int as count from batches where pass = 5000`,
    );
    await batches.start(id);
    expect(await passOf(id)).toBe(others.count > 0 ? 5000 : 0);
    await start();
    expect(await passOf(batch)).toBe(await passOf(id));
  });
});
