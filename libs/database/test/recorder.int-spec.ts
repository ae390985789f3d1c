import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type ArchivedDocument,
  BatchSummaries,
  isUnrecordable,
  RecorderRepository,
  RunsRepository,
  type StageChange,
  LeaderEpoch,
} from '../src/index.js';
import { counters, recount } from './recount.js';
import { stageChange } from '#libs/testing';
import { TestArchive, type TestRun } from './test-archive.js';

const CREATED = '2026-01-01T00:00:00.000Z';
const cursor = (sequence = 1) => ({ stream: 'EVENTS', streamCreated: CREATED, sequence });

let archive: TestArchive;
let recorder: RecorderRepository;
let runs: [TestRun, ...TestRun[]];
let batch: number;

beforeAll(async () => {
  archive = await TestArchive.open();
  recorder = new RecorderRepository(archive.dataSource, new LeaderEpoch());
});
afterAll(() => archive.close());
beforeEach(async () => {
  runs = await archive.runningBatch({ files: 2 });
  batch = runs[0].batch;
});

const change = (row: number, index: number, rest: Partial<StageChange> = {}): StageChange =>
  stageChange({ ...runs[row]!, index, ...rest });
const started = (row: number, index: number, rest: Partial<StageChange> = {}) =>
  change(row, index, { state: 'running', rank: 1, ...rest });
const done = (row: number, index: number, rest: Partial<StageChange> = {}) =>
  change(row, index, { state: 'done', outcome: 'ok', rank: 2, ...rest });
const failed = (row: number, index: number, rest: Partial<StageChange> = {}) =>
  change(row, index, {
    state: 'failed',
    outcome: 'app-error',
    sentence: 'No such codec.',
    fingerprint: 'shots_v1 app-error no such codec',
    rank: 2,
    ...rest,
  });
const record = (changes: StageChange[], documents: ArchivedDocument[] = []) =>
  recorder.record(changes, documents, cursor());

const summary = async () => (await new BatchSummaries(archive.dataSource).of([batch])).get(batch)!;
const run = async (row: number) => (await new RunsRepository(archive.dataSource).find(runs[row]!.run, () => '/here'))!;
const states = async (row: number) => {
  const { state, stages } = await run(row);
  return [state, ...stages.map((stage) => stage.state)];
};
const randomText = (length: number) => randomBytes(length).toString('base64').slice(0, length);
const finishedAt = async (table: 'batches' | 'runs', id: number): Promise<Date | null> => {
  const [row] = await archive.dataSource.query<[{ at: Date | null }]>(
    `select finished_at as at from ${table} where id = $1`,
    [id],
  );
  return row.at;
};
const expectTrueCounters = async () =>
  expect(await counters(archive.dataSource, batch)).toEqual(await recount(archive.dataSource, batch));

describe(RecorderRepository, () => {
  it('moves a run through its stages and returns the changes', async () => {
    expect(await record([started(0, 0)])).toEqual([
      { batch, from: 1, to: 2, cells: [{ row: 0, index: 0, state: 'running' }] },
    ]);
    expect(await states(0)).toEqual(['running', 'running', 'waiting']);
    await record([done(0, 0), change(0, 1, { state: 'queued', rank: 0, delivery: 0 })]);
    expect(await states(0)).toEqual(['running', 'done', 'queued']);
    await record([done(0, 1)]);
    expect(await states(0)).toEqual(['done', 'done', 'done']);
    expect(await states(1)).toEqual(['waiting', 'waiting', 'waiting']);
    await expectTrueCounters();
  });

  it('changes nothing when the same changes are recorded again', async () => {
    await record([done(0, 0), failed(1, 0)]);
    const before = [await summary(), await run(0), await run(1)];
    expect(await record([done(0, 0), failed(1, 0)])).toEqual([]);
    expect([await summary(), await run(0), await run(1)]).toEqual(before);
  });

  it('raises the version of each changed batch once per transaction, and of no other batch', async () => {
    const mine = batch;
    const others = await archive.runningBatch({ files: 1 });
    const changes = await record([done(0, 0), started(1, 0), stageChange(others[0])]);
    const told = changes.map(({ batch: id, from, to, cells }) => [id, from, to, cells?.length]);
    expect(told).toHaveLength(2);
    expect(told).toEqual(
      expect.arrayContaining([
        [mine, 1, 2, 2],
        [others[0].batch, 1, 2, 1],
      ]),
    );
    await record([done(0, 1)]);
    expect((await summary()).version).toBe(3);
    batch = others[0].batch;
    expect((await summary()).version).toBe(2);
  });

  it('ignores changes of an older attempt', async () => {
    await record([started(0, 0, { generation: 2, root: '200' })]);
    expect(await record([done(0, 0, { generation: 1, root: '100' })])).toEqual([]);
    expect(await record([done(0, 0, { generation: 2, root: '150' })])).toEqual([]);
    expect(await states(0)).toEqual(['running', 'running', 'waiting']);
  });

  it('replaces the end of an attempt with a newer attempt', async () => {
    await record([failed(0, 0), failed(1, 0)]);
    await record([started(0, 0, { root: '200' })]);
    expect(await states(0)).toEqual(['running', 'running', 'waiting']);
    expect((await run(0)).stages[0]).toMatchObject({ sentence: null, fingerprint: null, outcome: null });
    expect((await summary()).errors).toMatchObject([{ count: 1 }]);
    await expectTrueCounters();
  });

  it('keeps a settlement when a later delivery reports a start', async () => {
    await record([started(0, 0, { delivery: 2 })]);
    await record([done(0, 0, { delivery: 1 })]);
    expect(await states(0)).toEqual(['running', 'done', 'waiting']);
    expect(await record([started(0, 0, { delivery: 3 })])).toEqual([]);
    expect(await states(0)).toEqual(['running', 'done', 'waiting']);
  });

  it('does not reopen a finished run for a late event', async () => {
    await record([done(0, 1)]);
    const before = await finishedAt('runs', runs[0].run);
    expect(await record([done(0, 0)])).toHaveLength(1);
    expect(await states(0)).toEqual(['done', 'done', 'done']);
    expect(await finishedAt('runs', runs[0].run)).toEqual(before);
    await record([failed(1, 1)]);
    await record([done(1, 0)]);
    expect(await states(1)).toEqual(['failed', 'done', 'failed']);
    await expectTrueCounters();
  });

  it('finishes a batch with its last run and reopens it with a new attempt', async () => {
    await record([failed(0, 0)]);
    expect((await summary()).state).toBe('running');
    expect(await finishedAt('batches', batch)).toBeNull();
    await record([done(1, 1)]);
    expect(await summary()).toMatchObject({ state: 'finished', runs: { done: 1, failed: 1, running: 0, waiting: 0 } });
    const finished = await finishedAt('batches', batch);
    expect(finished).toBeInstanceOf(Date);
    await record([done(1, 0)]);
    expect(await finishedAt('batches', batch)).toEqual(finished);
    await record([started(0, 0, { root: '200' })]);
    expect((await summary()).state).toBe('running');
    expect(await finishedAt('batches', batch)).toBeNull();
    expect(await finishedAt('runs', runs[0].run)).toBeNull();
  });

  it('groups similar failures of one stage', async () => {
    await record([failed(0, 0), failed(1, 0, { sentence: 'No such codec: 4.' })]);
    expect((await summary()).errors).toEqual([
      {
        fingerprint: 'shots_v1 app-error no such codec',
        index: 0,
        app: 'shots_v1',
        outcome: 'app-error',
        sentence: expect.stringMatching(/^No such codec/),
        nextAction: expect.stringContaining('trace'),
        count: 2,
        retrying: 0,
      },
    ]);
    await record([failed(0, 0, { root: '200', outcome: 'timeout', fingerprint: 'shots_v1 timeout' })]);
    const { errors } = await summary();
    expect(errors.map(({ fingerprint, count }) => [fingerprint, count])).toEqual([
      ['shots_v1 app-error no such codec', 1],
      ['shots_v1 timeout', 1],
    ]);
    await expectTrueCounters();
  });

  it('archives a document once and shows it at its stage', async () => {
    const content = Buffer.from('{"metadata": {}, "big": 9007199254740993}');
    const sha256 = createHash('sha256').update(content).digest('hex');
    const document = { sha256, bytes: content.byteLength, encoding: 'identity', content } as const;
    await record([done(0, 0, { document: sha256 })], [document, document]);
    await record([done(1, 0, { document: sha256 })], [document]);
    expect((await run(0)).stages[0]!.document).toEqual({ sha256, bytes: content.byteLength, url: '/here' });
    expect(await archive.dataSource.query('select content from documents where sha256 = $1', [sha256])).toEqual([
      { content },
    ]);
  });

  it('records a failure whose texts Postgres cannot store, with replaced characters', async () => {
    const bad = 'bytes \u0000 and half a pair \ud83d';
    const mended = 'bytes \ufffd and half a pair \ufffd';
    await record([
      failed(0, 0, {
        sentence: bad,
        trace: bad,
        fingerprint: bad,
        worker: bad,
        warnings: [bad],
        notices: [bad],
        coverage: { covered: 1, of: 2, gap: bad },
        annotations: { [bad]: 1 },
      }),
    ]);
    expect((await run(0)).stages[0]).toMatchObject({
      sentence: mended,
      trace: mended,
      fingerprint: mended,
      worker: mended,
      warnings: [mended],
      notices: [mended],
      coverage: { gap: mended },
      annotations: { [mended]: 1 },
    });
    expect((await summary()).errors).toMatchObject([{ sentence: mended, fingerprint: mended }]);
    await record([done(0, 0, { root: '200' })]);
    await expectTrueCounters();
  });

  it.each<[string, () => StageChange, RegExp]>([
    ['of an unknown run', () => change(0, 0, { run: 2 ** 40 }), /There is no run 1099511627776 at row 0 of batch/],
    [
      'that gives a run to another batch',
      () => change(0, 0, { batch: batch - 1 }),
      /There is no run \d+ at row 0 of batch/,
    ],
    ['that gives a run another row', () => change(0, 0, { row: 1 }), /There is no run \d+ at row 1 of batch/],
    ['of an unknown stage', () => change(0, 2), /has 2 stages/],
    ['with another number of stages', () => done(0, 0, { stages: 1 }), /has 2 stages/],
    ['with a missing document', () => done(0, 0, { document: 'f'.repeat(64) }), /stage_runs_document_fkey/],
    ['with a number too large for its column', () => change(0, 0, { generation: 2 ** 31 }), /out of range/],
    ['with a text too long for its index', () => failed(0, 0, { fingerprint: randomText(20_000) }), /index row/],
  ])('refuses a change %s permanently, and rolls back its transaction', async (_, wrong, reason) => {
    const error: unknown = await record([done(1, 0), wrong()]).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ message: expect.stringMatching(reason) });
    expect(isUnrecordable(error)).toBe(true);
    expect(await states(1)).toEqual(['waiting', 'waiting', 'waiting']);
    await expectTrueCounters();
  });

  it('does not report a lost connection as unrecordable', () => {
    expect(isUnrecordable(new Error('Connection terminated unexpectedly'))).toBe(false);
    expect(isUnrecordable(Object.assign(new Error('deadlock detected'), { code: '40P01' }))).toBe(false);
  });

  it('stores its position, also after an event that it has parked', async () => {
    const at = () => archive.dataSource.query('select stream, stream_created, sequence from recorder_cursor');
    await recorder.record([done(0, 0)], [], cursor(41));
    expect(await at()).toEqual([{ stream: 'EVENTS', stream_created: new Date(CREATED), sequence: '41' }]);
    const parked = { subject: 'event.1.2.0.settled', reason: 'The first line is no JSON.', body: Buffer.from('x') };
    await recorder.park([{ sequence: 42, ...parked }], cursor(42));
    await recorder.park([{ sequence: 42, ...parked }], cursor(42));
    expect(await at()).toMatchObject([{ sequence: '42' }]);
    expect(await archive.dataSource.query('select sequence, subject, reason, body from recorder_parked')).toEqual([
      { sequence: '42', ...parked },
    ]);
  });
});
