import { afterAll, beforeEach, beforeAll, describe, expect, it } from '@jest/globals';
import { CancelRepository, ErrorGroupListRepository, ReplayRepository, type StageChange } from '../src/index.js';
import { OperatedBatch } from './operated-batch.js';
import { TestArchive } from './test-archive.js';

const COMMAND = { verb: 'replay', actor: 'kc', request: {} } as const;
const NOON = Date.parse('2026-01-01T12:00:00Z');
const MINUTE = 60_000;
const NO_CODEC = 'shots_v1|no codec';

let archive: TestArchive;
let batch: OperatedBatch;
beforeAll(async () => {
  archive = await TestArchive.open();
});
afterAll(() => archive.close());
beforeEach(async () => {
  batch = await OperatedBatch.start(archive, 6);
  await batch.admit();
});

const groups = () => new ErrorGroupListRepository(archive.dataSource);
const list = async (slice = { after: null as number | null, limit: 100 }) => (await groups().ofBatch(batch.id, slice))!;
const fail = (row: number, minutes: number, change: Partial<StageChange> = {}) =>
  batch.failed(row, 0, { worker: 'gpu-2', settledAt: NOON + minutes * MINUTE, ...change });

describe('error groups', () => {
  it('contain the number, the time span, the worker and the files of failures', async () => {
    await fail(1, 5);
    await fail(0, 0);
    await fail(2, 9);
    expect(await list()).toEqual([
      {
        fingerprint: NO_CODEC,
        index: 0,
        app: 'shots_v1',
        name: 'Shots',
        outcome: 'invalid-output',
        sentence: 'No codec.',
        nextAction: expect.stringContaining('maintainers'),
        count: 3,
        retrying: 0,
        firstSeen: '2026-01-01T12:00:00.000Z',
        lastSeen: '2026-01-01T12:09:00.000Z',
        worker: 'gpu-2',
        samples: [0, 1, 2].map((row) => ({ run: batch.runs[row]!.run, guid: `cpb-aacip-${row}` })),
      },
    ]);
  });

  it('name no worker when failures occurred on several workers', async () => {
    await fail(0, 0);
    await fail(1, 1, { worker: 'gpu-3' });
    await fail(2, 2, { worker: 'gpu-3' });
    expect((await list())[0]!.worker).toBeNull();
  });

  it('name the worker again after all their failures were replayed', async () => {
    await fail(0, 0);
    await fail(1, 1, { worker: 'gpu-3' });
    const replays = new ReplayRepository(archive.dataSource, batch.epoch);
    const target = { batch: batch.id, runs: 'failed' as const, stage: null, fingerprint: null, app: null };
    await replays.replay(target, COMMAND, { dryRun: false });
    expect(await list()).toEqual([]);
    await batch.admit();
    await fail(1, 7, { worker: 'gpu-3', generation: 3 });
    expect(await list()).toMatchObject([
      { count: 1, worker: 'gpu-3', firstSeen: '2026-01-01T12:00:00.000Z', lastSeen: '2026-01-01T12:07:00.000Z' },
    ]);
  });

  it('keep their sample when a failure leaves them', async () => {
    await fail(0, 0);
    await fail(1, 1);
    await batch.done(1, 0, { generation: 2, root: '200' });
    expect(await list()).toMatchObject([{ count: 1, worker: 'gpu-2', lastSeen: '2026-01-01T12:01:00.000Z' }]);
    expect((await list())[0]!.samples).toMatchObject([{ guid: 'cpb-aacip-0' }]);
  });

  it('count a file that is being retried until the retry is published', async () => {
    const retry = { outcome: 'unreachable', settledAt: Date.now() } as const;
    await fail(0, 0);
    await fail(1, 0, retry);
    expect(await list()).toMatchObject([{ count: 2, retrying: 1, samples: [{}, { guid: 'cpb-aacip-1' }] }]);
    await batch.checkCounters();
    await archive.dataSource.query("update runs set not_before = now() - interval '1 s' where batch_id = $1", [
      batch.id,
    ]);
    await batch.admit();
    expect(await list()).toMatchObject([{ count: 1, retrying: 0 }]);
    await batch.checkCounters();
  });

  it('lose a file that is cancelled while it waits for its retry', async () => {
    await fail(1, 0, { outcome: 'unreachable', settledAt: Date.now() });
    const cancels = new CancelRepository(archive.dataSource, batch.epoch);
    await cancels.cancelRun(batch.runs[1]!.run, { ...COMMAND, verb: 'cancel' }, { dryRun: false });
    expect(await list()).toEqual([]);
    await batch.checkCounters();
  });

  it('are listed in pages, the largest first', async () => {
    await fail(0, 0);
    for (const row of [1, 2]) await fail(row, 0, { fingerprint: 'shots_v1|no sound' });
    await batch.done(3, 0);
    await batch.failed(3, 1, { fingerprint: NO_CODEC });
    const names = async (after: number | null, limit: number) =>
      (await list({ after, limit })).map(({ index, fingerprint }) => [index, fingerprint]);
    expect(await names(null, 2)).toEqual([
      [0, 'shots_v1|no sound'],
      [0, NO_CODEC],
    ]);
    expect(await names(2, 2)).toEqual([[1, NO_CODEC]]);
    expect(await names(3, 2)).toEqual([]);
  });

  it('can be read one by one with a stack trace and their failures', async () => {
    await fail(0, 0);
    await fail(1, 1, { trace: 'Traceback: codec', httpStatus: 500, sentence: 'No codec in file 1.' });
    const group = (await groups().find(batch.id, 0, NO_CODEC))!;
    expect(group).toMatchObject({ count: 2, trace: 'Traceback: codec' });
    expect(group.runs).toEqual([
      expect.objectContaining({ row: 0, guid: 'cpb-aacip-0', sentence: 'No codec.', httpStatus: null }),
      {
        run: batch.runs[1]!.run,
        row: 1,
        guid: 'cpb-aacip-1',
        title: 'Tape cpb-aacip-1',
        sentence: 'No codec in file 1.',
        worker: 'gpu-2',
        httpStatus: 500,
        settledAt: '2026-01-01T12:01:00.000Z',
      },
    ]);
  });

  it('do not include those of another batch or stage, or unknown ones', async () => {
    await fail(0, 0);
    const other = await OperatedBatch.start(archive, 1);
    expect(await groups().ofBatch(other.id, { after: null, limit: 9 })).toEqual([]);
    expect(await groups().find(other.id, 0, NO_CODEC)).toBeNull();
    expect(await groups().find(batch.id, 1, NO_CODEC)).toBeNull();
    expect(await groups().ofBatch(999_999, { after: null, limit: 9 })).toBeNull();
  });
});
