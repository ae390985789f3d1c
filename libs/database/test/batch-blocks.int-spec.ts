import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  BatchBlocksRepository,
  BatchSummaries,
  type BlockedBatch,
  DeletionRepository,
  ExplainRepository,
} from '../src/index.js';
import { OperatedBatch } from './operated-batch.js';
import { TestArchive } from './test-archive.js';

let archive: TestArchive;
let batch: OperatedBatch;
beforeAll(async () => {
  archive = await TestArchive.open();
});
afterAll(() => archive.close());
beforeEach(async () => {
  await archive.dataSource.query('truncate batches, runs cascade');
  batch = await OperatedBatch.start(archive, 4);
});

const blocks = () => new BatchBlocksRepository(archive.dataSource, batch.epoch);
const blocked = (change: Partial<BlockedBatch> = {}): BlockedBatch => ({
  batch: batch.id,
  stage: 1,
  app: 'shots_v1',
  reason: 'No running worker serves Shots.',
  since: null,
  until: null,
  advice: 'Start a worker.',
  ...change,
});
const summary = async () => (await new BatchSummaries(archive.dataSource).of([batch.id])).get(batch.id)!;

describe('the block of a batch', () => {
  it('is part of its summary until the batch makes progress', async () => {
    expect(await blocks().replace([blocked()])).toEqual([batch.id]);
    expect((await summary()).blocked).toEqual({
      stage: 1,
      app: 'shots_v1',
      reason: 'No running worker serves Shots.',
      since: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      until: null,
      advice: 'Start a worker.',
    });
    expect(await blocks().replace([])).toEqual([batch.id]);
    expect(await blocks().replace([])).toEqual([]);
    expect(await summary()).not.toHaveProperty('blocked');
  });

  it('keeps its time while the reason is the same', async () => {
    await blocks().replace([blocked({ since: Date.parse('2026-01-01T12:00:00Z') })]);
    expect(await blocks().replace([blocked()])).toEqual([]);
    expect((await summary()).blocked!.since).toBe('2026-01-01T12:00:00.000Z');
    expect(await blocks().replace([blocked({ reason: 'Shots is paused.' })])).toEqual([batch.id]);
    expect((await summary()).blocked!.since).not.toBe('2026-01-01T12:00:00.000Z');
  });

  it('is ignored for a batch that has ended, and removed with it', async () => {
    await blocks().replace([blocked(), blocked({ batch: 999_999 })]);
    await archive.dataSource.query("update batches set state = 'finished' where id = $1", [batch.id]);
    expect(await summary()).not.toHaveProperty('blocked');
    expect(await new DeletionRepository(archive.dataSource).delete(batch.id, 'Ann')).toMatchObject({
      result: 'deleted',
    });
    expect(await archive.dataSource.query('select 1 from batch_blocks')).toEqual([]);
  });
});

describe('the status of unfinished batches', () => {
  const explain = () => new ExplainRepository(archive.dataSource);

  it('names the stages at which runs are open', async () => {
    const stages = async () => (await explain().unfinished()).map(({ batch: id, openAt }) => [id, openAt]);
    expect(await stages()).toEqual([[batch.id, [true, false]]]);
    await batch.admit();
    for (const row of [0, 1, 2, 3]) await batch.done(row, 0);
    expect(await stages()).toEqual([[batch.id, [false, true]]]);
    // Parked at the second stage.
    for (const row of [0, 1]) await batch.record(row, 1, { state: 'waiting', rank: 2 });
    for (const row of [2, 3]) await batch.failed(row, 1);
    expect(await stages()).toEqual([[batch.id, [false, true]]]);
  });

  it('maps stages to their batches and apps', async () => {
    const runs = [batch.runs[1]!.run, batch.runs[0]!.run, 999_999];
    const found = await explain().stagesOf(runs.map((run, index) => ({ run, index: index % 2 })));
    expect(found).toEqual([0, 1].map(() => ({ batch: batch.id, app: expect.stringMatching(/./) })));
    expect(await explain().stagesOf([{ run: runs[0]!, index: 99 }])).toEqual([]);
    expect(await explain().stagesOf([])).toEqual([]);
  });

  it('names the session that holds a lock for which Chowda waits', async () => {
    expect(await explain().blockingSessions()).toEqual([]);
    const holder = archive.dataSource.createQueryRunner();
    await holder.startTransaction();
    await holder.query('select 1 from batches where id = $1 for update', [batch.id]);
    const [{ pid }] = (await holder.query('select pg_backend_pid() as pid')) as [{ pid: number }];
    const waiting = archive.dataSource.query('update batches set weight = 50 where id = $1', [batch.id]);
    let found = await explain().blockingSessions();
    while (found.length === 0) found = await explain().blockingSessions();
    expect(found).toMatchObject([{ pid, since: expect.any(Number) }]);
    await holder.rollbackTransaction();
    await holder.release();
    await waiting;
  });
});
