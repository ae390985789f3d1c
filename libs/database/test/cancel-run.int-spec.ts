import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  BatchOrdersRepository,
  CancelRepository,
  NotLeaderError,
  ReplayRepository,
  SweepRepository,
} from '../src/index.js';
import { OperatedBatch } from './operated-batch.js';
import { TestArchive } from './test-archive.js';

const COMMAND = { verb: 'cancel', actor: 'kc', request: { verb: 'cancel' } } as const;
const DAY = 86_400;

let archive: TestArchive;
let batch: OperatedBatch;
beforeAll(async () => {
  archive = await TestArchive.open();
});
afterAll(() => archive.close());
beforeEach(async () => {
  batch = await OperatedBatch.start(archive, 3);
});
afterEach(() => batch.checkCounters());

const cancels = () => new CancelRepository(archive.dataSource, batch.epoch);
const cancelRun = (row: number, dryRun = false) => cancels().cancelRun(batch.runs[row]!.run, COMMAND, { dryRun });
const ordersOfRuns = async () =>
  (await new BatchOrdersRepository(archive.dataSource).orders(DAY)).find((order) => order.batch === batch.id)
    ?.cancelledRuns;
const unsettled = async () =>
  (await new SweepRepository(archive.dataSource, batch.epoch).unsettled()).filter((stage) => stage.batch === batch.id);
const again = (row: number) =>
  new ReplayRepository(archive.dataSource, batch.epoch).replay(
    { run: batch.runs[row]!.run, stage: null },
    { ...COMMAND, verb: 'replay' },
    { dryRun: false },
  );

describe('cancelling one run', () => {
  it('cancels a waiting run immediately and no other run', async () => {
    const outcome = (await cancelRun(1))!;
    expect(outcome).toMatchObject({ guid: 'cpb-aacip-1', state: 'waiting', isRepeated: false });
    expect(outcome.change).toMatchObject({ cells: [{ row: 1, index: 0, state: 'cancelled' }] });
    expect(await batch.states(1)).toBe('cancelled: cancelled, waiting');
    expect((await batch.run(1)).stages[0]!.sentence).toBe(`Run ${batch.runs[1]!.run} was cancelled by kc.`);
    expect((await batch.admit()).map(({ row }) => row)).toEqual([0, 2]);
  });

  it('cancels a run that waits for a retry and keeps its results', async () => {
    await batch.admit();
    await batch.failed(0, 0, { outcome: 'unreachable' });
    expect(await batch.states(0)).toBe('waiting: retrying, waiting');
    await cancelRun(0);
    expect(await batch.states(0)).toBe('cancelled: cancelled, waiting');
    const past = 'select state from past_stage_runs where run_id = $1';
    expect(await archive.dataSource.query(past, [batch.runs[0].run])).toEqual([{ state: 'retrying' }]);
  });

  it('marks the generation of a running run for its worker and the sweep', async () => {
    await batch.admit();
    expect(await ordersOfRuns()).toBeNull();
    expect(await cancelRun(0)).toMatchObject({ state: 'running', isRepeated: false, change: { cells: [] } });
    expect(await ordersOfRuns()).toEqual([{ run: batch.runs[0].run, generation: 1 }]);
    expect((await unsettled()).map(({ row, cancelled }) => [row, cancelled])).toEqual([
      [0, true],
      [1, false],
      [2, false],
    ]);
    await batch.record(0, 0, { state: 'cancelled', outcome: 'cancelled', sentence: 'Run was cancelled.' });
    expect(await batch.states(0)).toBe('cancelled: cancelled, waiting');
  });

  it('is reported to workers for a limited time after the end of the run', async () => {
    await batch.admit();
    await cancelRun(0);
    await batch.record(0, 0, { state: 'cancelled', outcome: 'cancelled' });
    expect(await ordersOfRuns()).toHaveLength(1);
    await archive.dataSource.query("update runs set finished_at = finished_at - interval '1 hour'");
    expect(await ordersOfRuns()).toBeNull();
  });

  it('prevents a retry of a failure and cancels a parked stage', async () => {
    await batch.admit();
    await cancelRun(0);
    await cancelRun(1);
    await batch.failed(0, 0, { outcome: 'unreachable' });
    expect(await batch.states(0)).toBe('failed: failed, waiting');
    await batch.record(1, 0, { state: 'waiting' });
    expect(await batch.states(1)).toBe('cancelled: cancelled, waiting');
  });

  it('is not undone by the sweep, which returns no cancelled run to waiting', async () => {
    await batch.admit();
    await cancelRun(0);
    const sweep = new SweepRepository(archive.dataSource, batch.epoch);
    expect(await sweep.returnToWaiting([{ run: batch.runs[0].run, index: 0, generation: 1 }])).toEqual([]);
    expect(await batch.states(0)).toBe('running: queued, waiting');
  });

  it('does not affect later generations', async () => {
    await batch.admit();
    await cancelRun(0);
    await batch.record(0, 0, { state: 'cancelled', outcome: 'cancelled' });
    await again(0);
    await batch.admit();
    expect((await unsettled()).find(({ row }) => row === 0)).toMatchObject({ generation: 3, cancelled: false });
    await batch.failed(0, 0, { generation: 3, outcome: 'unreachable' });
    expect(await batch.states(0)).toBe('waiting: retrying, waiting');
  });

  it('finishes a batch with its last open run', async () => {
    await batch.admit();
    for (const row of [0, 1]) {
      await batch.done(row, 0);
      await batch.done(row, 1);
    }
    await batch.failed(2, 0, { outcome: 'unreachable' });
    await cancelRun(2);
    const [row] = await archive.dataSource.query('select state from batches where id = $1', [batch.id]);
    expect(row).toEqual({ state: 'finished' });
  });

  it('changes nothing in a dry run, when it is repeated, after the end of the run, and in a draft', async () => {
    expect(await cancelRun(0, true)).toMatchObject({ state: 'waiting', change: null });
    expect(await batch.states(0)).toBe('waiting: waiting, waiting');
    await batch.admit();
    await cancelRun(0);
    expect(await cancelRun(0)).toMatchObject({ isRepeated: true, change: null });
    await batch.failed(1, 0);
    expect(await cancelRun(1)).toMatchObject({ state: 'failed', change: null });
    const { id } = await archive.draft({ files: 1 });
    const [{ run }] = await archive.dataSource.query('select id as run from runs where batch_id = $1', [id]);
    expect(await cancels().cancelRun(Number(run), COMMAND, { dryRun: false })).toMatchObject({
      batchState: 'draft',
      change: null,
    });
    const [{ count }] = await archive.dataSource.query(
      "select count(*)::int from operator_actions where verb = 'cancel' and answer->>'batch' = $1",
      [String(batch.id)],
    );
    expect(count).toBe(1);
  });

  it('requires an existing run and the leader', async () => {
    expect(await cancels().cancelRun(999_999, COMMAND, { dryRun: false })).toBeNull();
    batch.epoch.lead(-1);
    await expect(cancelRun(0)).rejects.toThrow(NotLeaderError);
  });
});
