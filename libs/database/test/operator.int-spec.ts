import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  AuditRepository,
  BatchListRepository,
  BatchOrdersRepository,
  BatchSummaries,
  CancelRepository,
  PauseRepository,
  ReplayRepository,
} from '../src/index.js';
import { waitFor } from '#libs/testing';
import { OperatedBatch } from './operated-batch.js';
import { TestArchive } from './test-archive.js';

let archive: TestArchive;
let batch: OperatedBatch;

beforeAll(async () => {
  archive = await TestArchive.open();
});
afterAll(() => archive.close());
beforeEach(async () => {
  batch = await OperatedBatch.start(archive, 4);
});
afterEach(async () => {
  await batch.checkCounters();
  await archive.dataSource.query('update apps set paused_at = null, paused_by = null, paused_why = null');
});

const command = (verb: 'replay' | 'cancel' | 'pause' | 'resume' | 'audit') => ({
  verb,
  actor: 'kc',
  request: { verb },
});
const replayRun = (row: number) =>
  new ReplayRepository(archive.dataSource, batch.epoch).replay(
    { run: batch.runs[row]!.run, stage: null },
    command('replay'),
    { dryRun: false },
  );
const cancels = () => new CancelRepository(archive.dataSource, batch.epoch);
const mark = (dryRun = false, id = batch.id) => cancels().cancel(id, command('cancel'), { dryRun });
const cancel = async () => {
  const marked = await mark();
  await cancels().cancelSlice(batch.id, 100);
  return marked;
};
const pauses = () => new PauseRepository(archive.dataSource, batch.epoch);
const pauseBatch = (paused: boolean, dryRun = false) =>
  pauses().batch(batch.id, command(paused ? 'pause' : 'resume'), { paused, dryRun });
const pauseApp = (paused: boolean, { why = '', slug = 'shots_v1', dryRun = false } = {}) =>
  pauses().app(slug, command(paused ? 'pause' : 'resume'), { paused, why, dryRun });
const audits = () => new AuditRepository(archive.dataSource, batch.epoch);
const view = async () => (await new BatchListRepository(archive.dataSource, summaries()).find(batch.id))!;
const summaries = () => new BatchSummaries(archive.dataSource);
const actions = async () =>
  archive.dataSource.query('select verb, actor, request, answer from operator_actions order by id');
const past = (row: number) =>
  archive.dataSource.query(
    'select index, state, outcome, document from past_stage_runs where run_id = $1 order by index',
    [batch.runs[row]!.run],
  );

describe('cancel', () => {
  it('cancels waiting runs immediately, including those that wait for a retry, and leaves running ones to their workers', async () => {
    await batch.admit(2);
    await batch.failed(0, 0, { outcome: 'unreachable' });
    expect(await batch.states(0)).toBe('waiting: retrying, waiting');
    expect(await mark()).toMatchObject({ waiting: 3, running: 1, change: { cells: [] } });
    expect(await cancels().cancelSlice(batch.id, 100)).toMatchObject({
      cancelled: 3,
      change: { cells: [{ row: 0 }, { row: 2 }, { row: 3 }] },
    });
    expect(await batch.run(0)).toMatchObject({
      state: 'cancelled',
      stages: [{ state: 'cancelled', outcome: 'cancelled', sentence: `Batch ${batch.id} was cancelled by kc.` }, {}],
    });
    expect(await past(0)).toMatchObject([{ state: 'retrying', outcome: 'unreachable' }]);
    expect(await batch.states(1)).toBe('running: queued, waiting');
    expect((await view()).summary.state).toBe('running');
    await batch.record(1, 0, { state: 'cancelled', outcome: 'cancelled' });
    expect((await view()).summary).toMatchObject({ state: 'finished', runs: { cancelled: 4 } });
    expect(await batch.admit()).toEqual([]);
  });

  it('finishes a batch without running runs immediately, and ends its pause', async () => {
    await pauseBatch(true);
    await cancel();
    const { summary, finishedAt } = await view();
    expect(summary).toMatchObject({ state: 'finished', runs: { cancelled: 4 } });
    expect([summary.paused, typeof finishedAt]).toEqual([undefined, 'string']);
  });

  it('takes precedence over later reports of cancelled runs', async () => {
    await batch.admit();
    await batch.record(0, 0, { state: 'waiting' });
    await cancel();
    await batch.done(0, 0, { root: '999' });
    expect(await batch.states(0)).toBe('cancelled: cancelled, waiting');
    // Parked by a worker that had not received the cancellation.
    await batch.record(1, 0, { state: 'waiting' });
    expect(await batch.states(1)).toBe('cancelled: cancelled, waiting');
    // Failed in a way that would otherwise be retried.
    await batch.failed(2, 0, { outcome: 'unreachable' });
    expect(await batch.states(2)).toBe('failed: failed, waiting');
  });

  it('takes precedence over an event that is recorded concurrently', async () => {
    await batch.admit();
    let recording: Promise<unknown> | undefined;
    await archive.dataSource.transaction(async (manager) => {
      await manager.query('select 1 from runs where batch_id = $1 order by id for update', [batch.id]);
      recording = batch.record(0, 0, { state: 'waiting' });
      const blocked = "select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()";
      await waitFor(async () => (await archive.dataSource.query<unknown[]>(blocked)).length > 0);
      await manager.query('update batches set cancelled_generation = 1 where id = $1', [batch.id]);
    });
    await recording;
    expect(await batch.states(0)).toBe('cancelled: cancelled, waiting');
  });

  it('keeps results of stages that are done nevertheless', async () => {
    await batch.admit();
    await batch.done(0, 0);
    await cancel();
    await batch.done(0, 1);
    expect(await batch.states(0)).toBe('done: done, done');
  });

  it('affects all existing generations and no later one', async () => {
    await batch.admit();
    await batch.failed(0, 0, { outcome: 'unreachable' });
    await archive.dataSource.query("update runs set not_before = '-infinity' where batch_id = $1", [batch.id]);
    await batch.admit();
    await cancel();
    const orders = await new BatchOrdersRepository(archive.dataSource).orders(60);
    expect(orders.find((order) => order.batch === batch.id)).toEqual({
      batch: batch.id,
      paused: false,
      cancelledGeneration: 3,
      cancelledRuns: null,
      held: null,
    });
    for (const row of [0, 1, 2, 3]) await batch.record(row, 0, { state: 'cancelled', generation: row === 0 ? 2 : 1 });
    await replayRun(1);
    const [claimed] = await batch.admit();
    expect(claimed!.generation).toBeGreaterThan(3);
    await batch.done(1, 0, { generation: claimed!.generation });
    expect(await batch.states(1)).toBe('running: done, waiting');
  });

  it('changes nothing when it is repeated, in a draft, or in a finished batch', async () => {
    await batch.admit(1);
    await cancel();
    expect(await cancel()).toMatchObject({ isRepeated: true, running: 1, change: null });
    expect(await mark(false, (await archive.draft({ files: 1 })).id)).toMatchObject({ state: 'draft', change: null });
    await batch.record(0, 0, { state: 'cancelled' });
    expect(await cancel()).toMatchObject({ state: 'finished', change: null });
    expect(await mark(false, 999_999)).toBeNull();
  });

  it('reports its effect in a dry run', async () => {
    await batch.admit(1);
    const before = [await view(), await actions()];
    expect(await mark(true)).toMatchObject({ waiting: 3, running: 1, change: null });
    expect([await view(), await actions()]).toEqual(before);
  });
});

describe('a cancellation in slices', () => {
  const slice = (limit: number) => cancels().cancelSlice(batch.id, limit);
  const isCancelling = async () => (await cancels().cancelling()).includes(batch.id);

  it('admits nothing from the beginning, and continues after a kill', async () => {
    await batch.admit(1);
    expect(await mark()).toMatchObject({ waiting: 3, running: 1 });
    expect(await slice(2)).toMatchObject({ cancelled: 2 });
    expect((await view()).summary.runs).toMatchObject({ waiting: 1, running: 1, cancelled: 2 });
    expect(await batch.admit()).toEqual([]);
    expect(await mark()).toMatchObject({ isRepeated: true, waiting: 1, running: 1 });
    expect(await isCancelling()).toBe(true);
    expect(await slice(2)).toMatchObject({ cancelled: 1 });
    await batch.record(0, 0, { state: 'cancelled', outcome: 'cancelled' });
    expect((await view()).summary).toMatchObject({ state: 'finished', runs: { cancelled: 4 } });
    expect(await slice(2)).toEqual({ cancelled: 0, change: null });
    expect(await isCancelling()).toBe(false);
  });

  it('leaves locked runs for a later slice', async () => {
    await mark();
    await archive.dataSource.transaction(async (manager) => {
      await manager.query('select 1 from runs where id = $1 for update', [batch.runs[1]!.run]);
      expect(await slice(10)).toMatchObject({ cancelled: 3 });
      expect(await slice(10)).toEqual({ cancelled: 0, change: null });
    });
    expect(await slice(10)).toMatchObject({ cancelled: 1 });
    expect((await view()).summary.state).toBe('finished');
    await slice(10);
  });

  it('includes a run that was in progress and waits again', async () => {
    await batch.admit(1);
    await cancel();
    await slice(10);
    expect(await isCancelling()).toBe(true);
    // A recorder that had read the batch before the cancellation.
    await archive.dataSource.query("update runs set state = 'waiting' where id = $1", [batch.runs[0].run]);
    await archive.dataSource.query("update stage_runs set state = 'waiting' where run_id = $1", [batch.runs[0].run]);
    await archive.dataSource.query(
      `update batch_run_counts set count = count + case state when 'waiting' then 1 else -1 end
       where batch_id = $1 and state in ('waiting', 'running')`,
      [batch.id],
    );
    await archive.dataSource.query(
      `update batch_stage_counts set count = count + case state when 'waiting' then 1 else -1 end
       where batch_id = $1 and index = 0 and state in ('waiting', 'queued')`,
      [batch.id],
    );
    expect(await slice(10)).toMatchObject({ cancelled: 1 });
    await slice(10);
    expect(await isCancelling()).toBe(false);
  });

  it('does not include runs that are replayed meanwhile', async () => {
    await batch.admit(1);
    await batch.failed(0, 0);
    await mark();
    await slice(1);
    await replayRun(0);
    expect(await slice(10)).toMatchObject({ cancelled: 2 });
    await slice(10);
    expect(await isCancelling()).toBe(false);
    expect((await batch.admit()).map(({ row }) => row)).toEqual([0]);
  });
});

describe('pause and resume', () => {
  it('hold a batch and continue it, and appear in its summary', async () => {
    await batch.admit(1);
    expect(await pauseBatch(true)).toMatchObject({ before: null, waiting: 3, running: 1, changes: [{ cells: [] }] });
    expect((await view()).summary).toMatchObject({
      state: 'running',
      paused: { by: 'kc', at: expect.any(String) },
      sentence: expect.stringContaining('(paused)'),
    });
    expect(await batch.admit()).toEqual([]);
    expect(await pauseBatch(false)).toMatchObject({ before: { by: 'kc' }, changes: [{}] });
    expect((await view()).summary.paused).toBeUndefined();
    expect(await batch.admit()).toHaveLength(3);
  });

  it('resume a batch with at least the pass of the batch that is served next', async () => {
    await archive.dataSource.query("update batches set state = 'finished' where id <> $1", [batch.id]);
    const other = await OperatedBatch.start(archive, 1);
    await archive.dataSource.query('update batches set pass = case when id = $1 then 5000 else 7 end', [other.id]);
    await pauseBatch(true);
    await pauseBatch(false);
    const [{ pass }] = await archive.dataSource.query('select pass from batches where id = $1', [batch.id]);
    expect(pass).toBe(5000);
  });

  it('store the reason for an app and raise the versions of the batches through it', async () => {
    const { version } = (await view()).summary;
    expect(await pauseApp(true, { why: 'GPU maintenance' })).toMatchObject({ name: 'Shots', isAlready: false });
    const { summary } = await view();
    expect(summary.stages.map(({ paused }) => paused)).toEqual(['GPU maintenance', 'GPU maintenance']);
    expect(summary.version).toBe(version + 1);
    expect(await pauseApp(false)).toMatchObject({ before: { by: 'kc', why: 'GPU maintenance' }, isAlready: false });
    expect((await view()).summary.stages[0]!.paused).toBeUndefined();
  });

  it('change nothing when they are repeated or in a dry run', async () => {
    await pauseBatch(true);
    await pauseApp(true);
    const before = [await view(), await actions()];
    expect(await pauseBatch(true)).toMatchObject({ before: { by: 'kc' }, changes: [] });
    expect(await pauseApp(true, { why: 'other' })).toMatchObject({ before: { why: '' }, isAlready: true });
    expect(await pauseBatch(false, true)).toMatchObject({ changes: [] });
    expect(await pauseApp(false, { dryRun: true })).toMatchObject({ isAlready: false, changes: [] });
    expect([await view(), await actions()]).toEqual(before);
    expect(await pauseApp(false, { slug: 'nothing' })).toBeNull();
  });

  it('replace the pause of the circuit breaker', async () => {
    await archive.dataSource.query("update apps set paused_at = now(), paused_by = 'breaker', paused_why = 'Failing.'");
    expect(await pauseApp(true, { why: 'night' })).toMatchObject({ before: { by: 'breaker' }, isAlready: false });
    expect(await pauseApp(true)).toMatchObject({ before: { by: 'kc', why: 'night' }, isAlready: true });
  });
});

describe('audit', () => {
  const corrupt = async () => {
    await archive.dataSource.query("update batch_run_counts set count = 9 where batch_id = $1 and state = 'done'", [
      batch.id,
    ]);
    await archive.dataSource.query('delete from error_groups where batch_id = $1', [batch.id]);
    await archive.dataSource.query('update batch_mark_counts set count = 0 where batch_id = $1', [batch.id]);
    await archive.dataSource.query("update batches set state = 'finished' where id = $1", [batch.id]);
  };

  it('finds nothing when everything is consistent after many commands', async () => {
    await batch.mix();
    await replayRun(2);
    await pauseBatch(true);
    await cancel();
    const clean = { miscounts: [], inconsistentRuns: [], isStateWrong: false, change: null };
    expect(await audits().audit(batch.id)).toMatchObject(clean);
    const { id } = await archive.draft({ files: 1 });
    expect(await audits().audit(id)).toMatchObject({ state: 'draft', ...clean });
    expect(await audits().batches()).toEqual(expect.arrayContaining([batch.id, id]));
    expect(await audits().audit(999_999)).toBeNull();
  });

  it('finds counters and states that differ from the rows, and corrects them on request', async () => {
    await batch.mix();
    await corrupt();
    const found = await audits().audit(batch.id);
    expect(found).toMatchObject({
      isStateWrong: true,
      open: 1,
      miscounts: [
        { counted: 'failures', index: 0, name: 'shots_v1|no sound', kept: 0, found: 1 },
        { counted: 'failures', index: 1, name: 'shots_v1|no codec', kept: 0, found: 1 },
        { counted: 'marks', index: 1, name: 'empty', kept: 0, found: 1 },
        { counted: 'runs', index: -1, name: 'done', kept: 9, found: 1 },
      ],
    });
    const { version } = (await view()).summary;
    expect(await audits().repair(batch.id, command('audit'))).toMatchObject({
      ...found,
      change: { to: version + 1, cells: null },
    });
    expect((await view()).summary).toMatchObject({ state: 'running', runs: { done: 1 } });
    expect((await view()).summary.errors).toContainEqual(
      expect.objectContaining({ app: 'shots_v1', outcome: 'invalid-output', sentence: 'No codec.', count: 1 }),
    );
    expect((await actions()).at(-1)).toMatchObject({ verb: 'audit', answer: { batch: batch.id, miscounts: 4 } });
    expect(await audits().repair(batch.id, command('audit'))).toMatchObject({ miscounts: [], change: null });
  });

  it('finds runs that contradict their stages', async () => {
    await batch.mix();
    const set = (row: number, columns: string) =>
      archive.dataSource.query(`update runs set ${columns} where id = $1`, [batch.runs[row]!.run]);
    await set(0, 'next_index = 1');
    await set(2, 'next_index = 1');
    const { inconsistentRuns, miscounts } = (await audits().audit(batch.id))!;
    expect(miscounts).toEqual([]);
    expect(inconsistentRuns).toEqual([
      {
        run: batch.runs[0]!.run,
        guid: 'cpb-aacip-0',
        state: 'done',
        nextIndex: 1,
        stages: 2,
        undone: null,
        stage: 'done',
      },
      {
        run: batch.runs[2]!.run,
        guid: 'cpb-aacip-2',
        state: 'failed',
        nextIndex: 1,
        stages: 2,
        undone: 0,
        stage: 'waiting',
      },
    ]);
  });
});
