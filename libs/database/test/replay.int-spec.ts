import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  BatchListRepository,
  BatchSummaries,
  CancelRepository,
  NotLeaderError,
  ReplayRepository,
  type ReplayTarget,
} from '../src/index.js';
import { cancelWholeBatch } from './cancel-whole-batch.js';
import { DOCUMENT, OperatedBatch } from './operated-batch.js';
import { TestArchive } from './test-archive.js';

const STAGES = 2;
const COMMAND = { verb: 'replay', actor: 'kc', request: { verb: 'replay' } } as const;

let archive: TestArchive;
let batch: OperatedBatch;

beforeAll(async () => {
  archive = await TestArchive.open();
});
afterAll(() => archive.close());
beforeEach(async () => {
  batch = await OperatedBatch.start(archive, 4);
  await batch.mix();
});
afterEach(() => batch.checkCounters());

const replay = (target: ReplayTarget, dryRun = false) =>
  new ReplayRepository(archive.dataSource, batch.epoch).replay(target, COMMAND, { dryRun });
const replayRun = (row: number, stage: number | null = null, dryRun = false) =>
  replay({ run: batch.runs[row]!.run, stage }, dryRun);
const failedOnes = (
  change: { stage?: number; fingerprint?: string; app?: string; runs?: 'failed' | 'cancelled' } = {},
  dryRun = false,
) => replay({ batch: batch.id, runs: 'failed', stage: null, fingerprint: null, app: null, ...change }, dryRun);
const view = async () =>
  (await new BatchListRepository(archive.dataSource, new BatchSummaries(archive.dataSource)).find(batch.id))!;
const actions = async () =>
  archive.dataSource.query('select verb, actor, request, answer from operator_actions order by id');
const past = (row: number) =>
  archive.dataSource.query(
    'select index, state, outcome, document from past_stage_runs where run_id = $1 order by index',
    [batch.runs[row]!.run],
  );

describe('replay', () => {
  it('continues a failed run at its failed stage as a newer generation', async () => {
    const { version } = (await view()).summary;
    const outcome = (await replayRun(1))!;
    expect(outcome.again).toMatchObject([{ row: 1, index: 1, app: 'Shots', state: 'failed' }]);
    expect(outcome.changes).toEqual([
      { batch: batch.id, from: version, to: version + 1, cells: [{ row: 1, index: 1, state: 'waiting' }] },
    ]);
    expect(await batch.run(1)).toMatchObject({
      state: 'waiting',
      generation: 2,
      stages: [{ state: 'done' }, { state: 'waiting', outcome: null, sentence: null, generation: 2 }],
    });
    expect((await view()).summary.errors).toMatchObject([{ fingerprint: 'shots_v1|no sound' }]);
    expect(await past(1)).toEqual([{ index: 1, state: 'failed', outcome: 'invalid-output', document: null }]);
    const [claimed] = (await batch.admit()).filter(({ row }) => row === 1);
    expect(claimed).toMatchObject({ index: 1, generation: 3, input: { sha256: DOCUMENT.sha256 } });
  });

  it('repeats a done run from its first stage and keeps its earlier results', async () => {
    await replayRun(0);
    expect(await batch.states(0)).toBe('waiting: waiting, waiting');
    expect((await view()).summary.stages[1]!.marks).toMatchObject({ empty: 0 });
    expect(await past(0)).toMatchObject([{ document: DOCUMENT.sha256 }, { outcome: 'empty' }]);
    expect(await batch.admit()).toContainEqual(
      expect.objectContaining({ row: 0, index: 0, generation: 3, input: null }),
    );
  });

  it('restores an archived batch', async () => {
    await archive.dataSource.query('update batches set archived_at = now() where id = $1', [batch.id]);
    await replayRun(0);
    expect(await view()).toMatchObject({ archived: false, summary: { state: 'running' } });
  });

  it('repeats a run from a given stage', async () => {
    expect((await replayRun(0, 1))!.again).toMatchObject([{ index: 1 }]);
    expect(await batch.states(0)).toBe('waiting: done, waiting');
    expect((await replayRun(1, 0))!.again).toMatchObject([{ index: 0 }]);
    expect(await batch.states(1)).toBe('waiting: waiting, waiting');
  });

  it('takes precedence over later reports of an older attempt', async () => {
    await replayRun(1, 0);
    await batch.done(1, 0, { root: '999' });
    await batch.failed(1, 1, { root: '999' });
    expect(await batch.states(1)).toBe('waiting: waiting, waiting');
  });

  it('lists runs that it leaves out: open ones, and those without the stage or its input', async () => {
    expect((await replayRun(3))!.leftOut).toMatchObject([{ row: 3, state: 'waiting', why: 'open' }]);
    await batch.admit();
    expect((await replayRun(3))!.leftOut).toMatchObject([{ row: 3, state: 'running', why: 'open' }]);
    expect((await replayRun(0, STAGES))!.leftOut).toMatchObject([{ why: 'no-stage', app: null }]);
    expect((await replayRun(2, 1))!.leftOut).toMatchObject([{ why: 'no-input', guid: 'cpb-aacip-2' }]);
    expect(await batch.states(2)).toBe('failed: failed, waiting');
  });

  it('selects the failed runs of a batch, of an error group, or of an app', async () => {
    const rows = async (choice: Parameters<typeof failedOnes>[0]) =>
      (await failedOnes(choice, true))!.again.map(({ row, index }) => [row, index]);
    expect(await rows({})).toEqual([
      [1, 1],
      [2, 0],
    ]);
    expect(await rows({ fingerprint: 'shots_v1|no codec' })).toEqual([[1, 1]]);
    expect(await rows({ fingerprint: 'shots_v1|nothing' })).toEqual([]);
    expect(await rows({ app: 'shots_v1' })).toEqual([
      [1, 1],
      [2, 0],
    ]);
    expect(await rows({ app: 'text_v1' })).toEqual([]);
    await failedOnes();
    expect([await batch.states(0), await batch.states(1), await batch.states(2)]).toEqual([
      'done: done, done',
      'waiting: done, waiting',
      'waiting: waiting, waiting',
    ]);
    expect((await failedOnes())!.again).toEqual([]);
  });

  it('selects the cancelled runs of a batch, from where each ended or from a stage', async () => {
    const cancels = new CancelRepository(archive.dataSource, batch.epoch);
    await cancelWholeBatch(cancels, batch.id);
    const { again, leftOut } = (await failedOnes({ runs: 'cancelled', stage: 1 }, true))!;
    expect([again, leftOut]).toMatchObject([[], [{ row: 3, why: 'no-input' }]]);
    expect((await failedOnes({ runs: 'cancelled' }))!.again).toMatchObject([{ row: 3, state: 'cancelled', index: 0 }]);
    expect(await batch.states(3)).toBe('waiting: waiting, waiting');
    expect(await batch.states(1)).toBe('failed: done, failed');
    expect((await batch.admit()).map(({ row }) => row)).toEqual([3]);
  });

  it('repeats the failed runs that have reached a given stage, and lists the others', async () => {
    const { again, leftOut } = (await failedOnes({ stage: 1 }))!;
    expect(again).toMatchObject([{ row: 1, index: 1 }]);
    expect(leftOut).toMatchObject([{ row: 2, why: 'no-input' }]);
  });

  it('selects runs by the stages at which they failed, without runs that have continued', async () => {
    const run = (row: number) => batch.runs[row]!.run;
    const failedAt = [
      { run: run(0), index: 1 },
      { run: run(1), index: 0 },
      { run: run(2), index: 0 },
    ];
    const { again, leftOut } = (await replay({ failedAt }))!;
    expect(again).toMatchObject([{ row: 2, index: 0 }]);
    expect(leftOut).toMatchObject([
      { row: 0, why: 'elsewhere' },
      { row: 1, why: 'elsewhere' },
    ]);
  });

  it('reopens a finished batch with at least the pass of the batch that is served next', async () => {
    await batch.admit();
    await batch.failed(3, 0);
    expect(await view()).toMatchObject({ finishedAt: expect.any(String), summary: { state: 'finished' } });
    const other = await OperatedBatch.start(archive, 1);
    await archive.dataSource.query('update batches set pass = 70000 where id = $1', [other.id]);
    await archive.dataSource.query("update batches set state = 'finished' where id <> all($1)", [[other.id, batch.id]]);
    await replayRun(3);
    expect(await view()).toMatchObject({ finishedAt: null, summary: { state: 'running' } });
    const [{ pass }] = await archive.dataSource.query('select pass from batches where id = $1', [batch.id]);
    expect(pass).toBe(70000);
  });

  it('changes and records nothing in a dry run or without effect', async () => {
    const before = [await view(), await batch.run(1), await actions()];
    expect((await replayRun(1, null, true))!.again).toHaveLength(1);
    expect((await replayRun(3))!.changes).toEqual([]);
    expect([await view(), await batch.run(1), await actions()]).toEqual(before);
  });

  it('records the actor and the request', async () => {
    await replayRun(1);
    expect((await actions()).at(-1)).toEqual({
      verb: 'replay',
      actor: 'kc',
      request: { verb: 'replay' },
      answer: { again: 1, leftOut: 0 },
    });
  });

  it('distinguishes an unknown run or batch from one without anything to replay', async () => {
    expect(await replay({ run: 999_999, stage: null })).toBeNull();
    expect(await replay({ batch: 999_999, runs: 'failed', stage: null, fingerprint: null, app: null })).toBeNull();
  });

  it('writes nothing when another scheduler is the leader', async () => {
    batch.epoch.lead(-1);
    await expect(replayRun(1)).rejects.toThrow(NotLeaderError);
    expect(await batch.states(1)).toBe('failed: done, failed');
  });
});
