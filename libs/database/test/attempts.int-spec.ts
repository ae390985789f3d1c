import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ActionsRepository, AttemptsRepository, DocumentsRepository, ReplayRepository } from '../src/index.js';
import { DOCUMENT, OperatedBatch } from './operated-batch.js';
import { TestArchive } from './test-archive.js';

const COMMAND = { verb: 'replay', actor: 'kc', request: {} } as const;
const UNKNOWN = 999_999;
const address = (run: number, index: number, attempt: string) => `/${run}/${index}/${attempt}`;

let archive: TestArchive;
let batch: OperatedBatch;

/** Row 0 fails at stage 1, is replayed from stage 0, fails at stage 1 again, and waits for a retry. */
beforeAll(async () => {
  archive = await TestArchive.open();
  batch = await OperatedBatch.start(archive, 1);
  await batch.admit();
  await batch.done(0, 0, { warnings: ['Skipped a frame.'], mark: 'warnings', annotations: { TimeFrame: 7 } });
  await batch.failed(0, 1, {
    sentence: 'No codec.',
    trace: 'Traceback: no codec',
    httpStatus: 500,
    worker: 'gpu-2',
    calls: 2,
    queuedAt: Date.parse('2026-01-01T12:00:00Z'),
    startedAt: Date.parse('2026-01-01T12:00:01Z'),
    settledAt: Date.parse('2026-01-01T12:00:03Z'),
  });
  const replays = new ReplayRepository(archive.dataSource, batch.epoch);
  await replays.replay({ run: batch.runs[0].run, stage: 0 }, COMMAND, { dryRun: false });
  await batch.admit();
  await batch.failed(0, 0, { generation: 3, root: '300', outcome: 'unreachable' });
});
afterAll(() => archive.close());

const attempts = ({ stage = null as number | null, after = null as number | null, limit = 100 } = {}) =>
  new AttemptsRepository(archive.dataSource).ofRun(batch.runs[0].run, { stage, after, limit }, address);

describe(AttemptsRepository, () => {
  it('returns every started attempt, oldest first, and marks the current one', async () => {
    expect((await attempts())!.map(({ attempt, index, state, current }) => [attempt, index, state, current])).toEqual([
      ['1-100', 0, 'done', false],
      ['1-100', 1, 'failed', false],
      ['3-300', 0, 'retrying', true],
    ]);
  });

  it('keeps all details of an attempt', async () => {
    const [first, second] = (await attempts())!;
    expect(first).toMatchObject({
      outcome: 'ok',
      warnings: ['Skipped a frame.'],
      mark: 'warnings',
      annotations: { TimeFrame: 7 },
      document: { sha256: DOCUMENT.sha256, bytes: DOCUMENT.bytes, url: `/${batch.runs[0].run}/0/1-100` },
    });
    expect(second).toMatchObject({
      name: 'Shots',
      outcome: 'invalid-output',
      sentence: 'No codec.',
      nextAction: expect.stringContaining('maintainers'),
      fingerprint: 'shots_v1|no codec',
      trace: 'Traceback: no codec',
      httpStatus: 500,
      worker: 'gpu-2',
      calls: 2,
      queuedAt: '2026-01-01T12:00:00.000Z',
      seconds: 2,
      document: null,
    });
  });

  it('shows an attempt that was retried as failed', async () => {
    await archive.dataSource.query("update runs set not_before = '-infinity'");
    await batch.admit();
    await batch.record(0, 0, { generation: 4, root: '400', state: 'running', rank: 1, settledAt: null });
    expect((await attempts())!.map(({ attempt, state }) => [attempt, state])).toEqual([
      ['1-100', 'done'],
      ['1-100', 'failed'],
      ['3-300', 'failed'],
      ['4-400', 'running'],
    ]);
  });

  it('filters by stage and returns pages', async () => {
    expect((await attempts({ stage: 1 }))!.map(({ attempt }) => attempt)).toEqual(['1-100']);
    expect((await attempts({ after: 1, limit: 1 }))!.map(({ index }) => index)).toEqual([1]);
    expect(await attempts({ after: 9 })).toEqual([]);
    expect(await attempts({ stage: 7 })).toEqual([]);
    const history = new AttemptsRepository(archive.dataSource);
    expect(await history.ofRun(UNKNOWN, { stage: null, after: null, limit: 1 }, address)).toBeNull();
  });
});

describe('a raw replay', () => {
  it('is marked in the attempts, also when it is replaced, and recorded once as an action', async () => {
    const replayed = await OperatedBatch.start(archive, 1);
    const { run } = replayed.runs[0];
    await replayed.admit();
    await replayed.done(0, 0);
    const raw = { generation: 1, root: '777', rawReplay: true } as const;
    await replayed.record(0, 0, { ...raw, state: 'running', rank: 1, settledAt: null });
    await replayed.done(0, 0, raw);
    await replayed.done(0, 0, { generation: 2, root: '800' });
    const found = await new AttemptsRepository(archive.dataSource).ofRun(
      run,
      { stage: 0, after: null, limit: 10 },
      address,
    );
    expect(found!.map(({ attempt, rawReplay }) => [attempt, rawReplay])).toEqual([
      ['1-100', undefined],
      ['1-777', true],
      ['2-800', undefined],
    ]);
    const actions = await new ActionsRepository(archive.dataSource).list({ after: null, limit: 10 }, replayed.id);
    expect(actions.filter(({ verb }) => verb === 'raw-replay')).toMatchObject([
      { verb: 'raw-replay', request: { run, stage: 0 }, answer: { attempt: '1-777' }, batches: [replayed.id] },
    ]);
  });
});

describe('the documents of past attempts', () => {
  const ofStage = (index: number, generation: number, root: string) =>
    new DocumentsRepository(archive.dataSource).ofStage(batch.runs[0].run, index, { generation, root });

  it('can be read by attempt', async () => {
    expect(await ofStage(0, 1, '100')).toMatchObject({ sha256: DOCUMENT.sha256 });
  });

  it('do not exist for a failed attempt, another stage or an unknown attempt', async () => {
    expect(await ofStage(1, 1, '100')).toBeNull();
    expect(await ofStage(0, 3, '300')).toBeNull();
    expect(await ofStage(0, 1, '101')).toBeNull();
  });
});
