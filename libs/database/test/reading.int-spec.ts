import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cellCode, readCell } from '#libs/contracts';
import {
  BatchListRepository,
  BatchSummaries,
  CellsRepository,
  DocumentsRepository,
  RecorderRepository,
  type RunProgress,
  RunsRepository,
  type StageChange,
  StageProgressRepository,
  LeaderEpoch,
} from '../src/index.js';
import { stageChange } from '#libs/testing';
import { TestArchive, type TestRun } from './test-archive.js';

const UNKNOWN = 999_999;
const DOCUMENT = {
  sha256: 'd'.repeat(64),
  bytes: 17,
  encoding: 'identity',
  content: Buffer.from('{"metadata": {}} '),
} as const;
const cursor = { stream: 'EVENTS', streamCreated: '2026-01-01T00:00:00.000Z', sequence: 1 };
const addressOf = (run: number, index: number) => `/runs/${run}/${index}`;

let archive: TestArchive;
let runs: [TestRun, ...TestRun[]];
let batch: number;
let draft: number;
const record = (...changes: StageChange[]) =>
  new RecorderRepository(archive.dataSource, new LeaderEpoch()).record(changes, [DOCUMENT], cursor);

/** Row 0 failed at its second stage, row 1 is running, row 2 is waiting. */
beforeAll(async () => {
  archive = await TestArchive.open();
  runs = await archive.runningBatch({ files: 3 });
  batch = runs[0].batch;
  ({ id: draft } = await archive.draft({ files: 2, stages: 3 }));
  const started = Date.parse('2026-01-01T12:00:00Z');
  await record(
    stageChange({
      ...runs[0],
      state: 'done',
      rank: 2,
      outcome: 'ok-with-warnings',
      worker: 'w1',
      calls: 2,
      queuedAt: started - 1000,
      startedAt: started,
      settledAt: started + 2500,
      annotations: { TimeFrame: 7 },
      warnings: ['Skipped a frame.'],
      notices: ['The SDK is old.'],
      mark: 'partial',
      retryAt: null,
      runningSeconds: 2.25,
      coverage: { covered: 300_000, of: 1_860_000, gap: 'covers 5 of 31 min' },
      document: DOCUMENT.sha256,
    }),
    stageChange({
      ...runs[0],
      index: 1,
      state: 'failed',
      rank: 2,
      outcome: 'timeout',
      sentence: 'No answer within 60 s.',
      fingerprint: 'shots_v1|timeout',
    }),
    stageChange({ ...runs[1]!, state: 'running' }),
  );
});
afterAll(() => archive.close());

describe(CellsRepository, () => {
  const cells = () => new CellsRepository(archive.dataSource);
  const states = (bytes: Uint8Array) => [...bytes].map((code) => readCell(code).state);

  it('returns one byte per cell, row by row, including stages that have not started', async () => {
    const snapshot = (await cells().snapshot(batch))!;
    expect(states(snapshot.bytes)).toEqual(['done', 'failed', 'running', 'waiting', 'waiting', 'waiting']);
    expect([...snapshot.bytes].map((code) => readCell(code).mark)).toEqual([
      'partial',
      ...Array.from({ length: 5 }, () => undefined),
    ]);
    expect(snapshot.version).toBe(await cells().version(batch));
  });

  it('shows all cells of a draft as waiting', async () => {
    expect(await cells().snapshot(draft)).toEqual({
      version: 0,
      bytes: new Uint8Array(2 * 3).fill(cellCode('waiting')),
    });
  });

  it('is correct for a stage that was passed without a settlement, and for a partly skipped stage', async () => {
    const odd = await archive.runningBatch({ files: 2 });
    for (const run of odd) await record(stageChange({ ...run, state: 'done', rank: 2, mark: 'warnings' }));
    const change = async (state: string) => {
      await archive.dataSource.query('update stage_runs set state = $2 where run_id = $1', [odd[0].run, state]);
      await archive.dataSource.query(
        `update batch_stage_counts set count = 1 where batch_id = $1 and index = 0 and state = 'done'`,
        [odd[0].batch],
      );
      await archive.dataSource.query(
        `insert into batch_stage_counts (batch_id, index, state, count) values ($1, 0, $2, 1)
         on conflict (batch_id, index, state) do update set count = 1`,
        [odd[0].batch, state],
      );
      return states((await cells().snapshot(odd[0].batch))!.bytes);
    };
    expect(await change('skipped')).toEqual(['skipped', 'waiting', 'done', 'waiting']);
    await archive.dataSource.query("update batch_stage_counts set count = 0 where state = 'skipped'");
    expect(await change('running')).toEqual(['running', 'waiting', 'done', 'waiting']);
  });

  it('returns null for an unknown batch', async () => {
    expect(await cells().version(UNKNOWN)).toBeNull();
    expect(await cells().snapshot(UNKNOWN)).toBeNull();
  });

  it('returns cells and version of the same moment while the recorder writes', async () => {
    const busy = await archive.runningBatch({ files: 20 });
    const writing = (async () => {
      for (const run of busy) await record(stageChange({ ...run, state: 'done', rank: 2 }));
    })();
    const snapshots = [];
    for (let n = 0; n < 40; n += 1) snapshots.push((await cells().snapshot(busy[0].batch))!);
    await writing;
    snapshots.push((await cells().snapshot(busy[0].batch))!);
    // The start raised the version to 1; each later commit changed one cell.
    for (const { version, bytes } of snapshots)
      expect(states(bytes).filter((state) => state === 'done')).toHaveLength(version - 1);
    expect(snapshots.at(-1)!.version).toBe(21);
  });
});

describe(RunsRepository, () => {
  const repository = () => new RunsRepository(archive.dataSource);

  it('lists runs by row with the states of all their stages', async () => {
    expect(await repository().ofBatch(batch, { after: null, limit: 2 })).toEqual([
      {
        id: runs[0].run,
        row: 0,
        guid: 'cpb-aacip-0',
        title: 'Tape cpb-aacip-0',
        state: 'failed',
        sentence: 'No answer within 60 s.',
        stages: ['done', 'failed'],
        marks: ['partial', null],
        stage: 1,
      },
      expect.objectContaining({ row: 1, state: 'running', sentence: null, stages: ['running', 'waiting'] }),
    ]);
    expect(await repository().ofBatch(batch, { after: 1, limit: 2 })).toMatchObject([{ row: 2, state: 'waiting' }]);
    expect(await repository().ofBatch(batch, { after: 2, limit: 2 })).toEqual([]);
    expect(await repository().ofBatch(UNKNOWN, { after: null, limit: 2 })).toBeNull();
  });

  it('shows a run with all details of its stages', async () => {
    const run = (await repository().find(runs[0].run, addressOf))!;
    expect(run).toMatchObject({ id: runs[0].run, batch, row: 0, guid: 'cpb-aacip-0', state: 'failed', generation: 1 });
    expect(run.stages[0]).toEqual({
      index: 0,
      app: 'shots_v1',
      name: 'Shots',
      state: 'done',
      outcome: 'ok-with-warnings',
      sentence: null,
      nextAction: null,
      fingerprint: null,
      trace: null,
      httpStatus: null,
      generation: 1,
      calls: 2,
      worker: 'w1',
      queuedAt: '2026-01-01T11:59:59.000Z',
      startedAt: '2026-01-01T12:00:00.000Z',
      settledAt: '2026-01-01T12:00:02.500Z',
      seconds: 2.5,
      annotations: { TimeFrame: 7 },
      warnings: ['Skipped a frame.'],
      notices: ['The SDK is old.'],
      mark: 'partial',
      retryAt: null,
      runningSeconds: 2.25,
      coverage: { covered: 300_000, of: 1_860_000, gap: 'covers 5 of 31 min' },
      document: { sha256: DOCUMENT.sha256, bytes: DOCUMENT.bytes, url: addressOf(runs[0].run, 0) },
    });
    expect(run.stages[1]).toMatchObject({
      state: 'failed',
      outcome: 'timeout',
      sentence: 'No answer within 60 s.',
      nextAction: expect.stringContaining('deadline'),
      document: null,
      seconds: null,
    });
  });

  it('shows stages that have not started as waiting, and returns null for an unknown run', async () => {
    const run = (await repository().find(runs[2]!.run, addressOf))!;
    expect(run.stages.map(({ state, calls, document }) => [state, calls, document])).toEqual([
      ['waiting', 0, null],
      ['waiting', 0, null],
    ]);
    expect(await repository().find(UNKNOWN, addressOf)).toBeNull();
  });
});

describe(DocumentsRepository, () => {
  const documents = () => new DocumentsRepository(archive.dataSource);

  it('returns the output of a stage with its bytes as stored', async () => {
    expect(await documents().ofStage(runs[0].run, 0)).toEqual({
      sha256: DOCUMENT.sha256,
      bytes: DOCUMENT.bytes,
      encoding: 'identity',
      storedBytes: DOCUMENT.content.length,
      guid: 'cpb-aacip-0',
      app: 'shots_v1',
    });
    expect(await documents().find(DOCUMENT.sha256)).toEqual({ encoding: 'identity', content: DOCUMENT.content });
    expect(await documents().find('0'.repeat(64))).toBeNull();
  });

  it('distinguishes a removed output from one that never existed', async () => {
    const [done] = await archive.runningBatch({ files: 1 });
    await record(stageChange({ ...done, state: 'done', rank: 2 }));
    expect(await documents().ofStage(done.run, 0)).toBe('removed');
    expect(await documents().ofStage(done.run, 1)).toBeNull();
  });

  it('returns null for a failed, waiting or unknown stage', async () => {
    expect(await documents().ofStage(runs[0].run, 1)).toBeNull();
    expect(await documents().ofStage(runs[2]!.run, 0)).toBeNull();
    expect(await documents().ofStage(runs[0].run, 9)).toBeNull();
    expect(await documents().ofStage(UNKNOWN, 0)).toBeNull();
  });
});

describe(BatchSummaries, () => {
  const summaries = () => new BatchSummaries(archive.dataSource);

  it('returns the progress of batches and omits unknown IDs', async () => {
    const found = await summaries().of([batch, draft, UNKNOWN]);
    expect(new Set(found.keys())).toEqual(new Set([batch, draft]));
    expect(found.get(batch)).toMatchObject({
      batch,
      version: 2,
      state: 'running',
      runs: { waiting: 1, running: 1, done: 0, failed: 1, cancelled: 0 },
      stages: [
        { app: 'shots_v1', name: 'Shots', counts: { waiting: 1, running: 1, done: 1, failed: 0, retrying: 0 } },
        { counts: { waiting: 2, failed: 1 } },
      ],
      errors: [{ fingerprint: 'shots_v1|timeout', index: 1, count: 1, nextAction: expect.any(String) }],
    });
    expect(found.get(draft)).toMatchObject({
      state: 'draft',
      errors: [],
      sentence: expect.stringContaining('2 files'),
    });
  });

  it('limits the error groups to the largest ones', async () => {
    const many = await archive.runningBatch({ files: 60 });
    const failed = many.map((run) =>
      stageChange({
        ...run,
        state: 'failed',
        rank: 2,
        outcome: 'app-error',
        fingerprint: `kind ${Math.max(run.row, 5)}`,
      }),
    );
    await record(...failed);
    const { errors } = (await summaries().of([many[0].batch])).get(many[0].batch)!;
    expect(errors).toHaveLength(50);
    expect(errors[0]).toMatchObject({ fingerprint: 'kind 5', count: 6 });
  });
});

describe(BatchListRepository, () => {
  const list = () => new BatchListRepository(archive.dataSource, new BatchSummaries(archive.dataSource));

  it('lists batches in pages, newest first', async () => {
    const all = (await list().list({ after: null, limit: 100 })).map(({ id }) => id);
    expect(all).toEqual([...all].sort((a, b) => b - a));
    expect(all).toEqual(expect.arrayContaining([batch, draft]));
    expect((await list().list({ after: draft, limit: 1 })).map(({ id }) => id)).toEqual([batch]);
    expect(await list().list({ after: batch, limit: 1 })).toEqual([]);
  });

  it('shows a batch with its pipeline version and its times', async () => {
    expect(await list().find(batch)).toMatchObject({
      id: batch,
      name: 'Evening news',
      pipeline: { name: '2 stages', version: 1 },
      files: 3,
      createdBy: 'test',
      createdAt: expect.stringMatching(/Z$/),
      startedAt: expect.stringMatching(/Z$/),
      finishedAt: null,
    });
    expect(await list().find(draft)).toMatchObject({ startedAt: null, summary: { state: 'draft' } });
    expect(await list().find(UNKNOWN)).toBeNull();
  });
});

describe(StageProgressRepository, () => {
  const progressOf = async (run: number) =>
    (await new RunsRepository(archive.dataSource).find(run, addressOf))!.stages.map(({ progress }) => progress);
  const store = (...progress: RunProgress[]) =>
    new StageProgressRepository(archive.dataSource, new LeaderEpoch()).store(progress);
  const report = { index: 0, percent: 40, estimated: false };

  it('keeps the newest percentage of a running stage, and none of runs that are not in progress', async () => {
    await record(stageChange({ ...runs[1]!, startedAt: Date.now() - 60_000, delivery: 2 }));
    await store({ ...report, run: runs[1]!.run }, { ...report, run: runs[0].run }, { ...report, run: runs[2]!.run });
    expect(await progressOf(runs[1]!.run)).toEqual([
      { percent: 40, estimated: false, at: expect.any(String) },
      undefined,
    ]);
    await store({ run: runs[1]!.run, index: 0, percent: 60, estimated: true });
    expect((await progressOf(runs[1]!.run))[0]).toMatchObject({ percent: 60, estimated: true });
    for (const row of [0, 2]) expect(await progressOf(runs[row]!.run)).toEqual([undefined, undefined]);
    expect(await archive.dataSource.query('select run_id from stage_progress')).toHaveLength(1);
  });

  it('shows no percentage of an earlier call', async () => {
    await record(stageChange({ ...runs[1]!, startedAt: Date.now() + 60_000, delivery: 3 }));
    expect(await progressOf(runs[1]!.run)).toEqual([undefined, undefined]);
  });
});
