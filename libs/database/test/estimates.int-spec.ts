import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  BatchesRepository,
  BatchPacesRepository,
  EstimatesRepository,
  LeaderEpoch,
  ReuseRepository,
} from '../src/index.js';
import { OperatedBatch } from './operated-batch.js';
import { TestArchive } from './test-archive.js';

let archive: TestArchive;
/** Row 0 is done, row 1 failed at its second stage, row 2 at its first stage; row 3 is waiting. */
let earlier: OperatedBatch;
const epoch = new LeaderEpoch();

beforeAll(async () => {
  archive = await TestArchive.open();
});
afterAll(() => archive.close());
beforeEach(async () => {
  await archive.dataSource.query('truncate batches, runs cascade');
  await archive.mediaFiles(4);
  await archive.dataSource.query(
    `update media_files set changed_at = now() - interval '1 day', duration_ms = case when guid <> 'cpb-aacip-3' then 60000 end`,
  );
  earlier = await OperatedBatch.start(archive, 4);
  await earlier.mix();
});

const estimate = (batch: number, trial: number | null = null) =>
  new EstimatesRepository(archive.dataSource).of(batch, trial);
async function again(change: object = {}): Promise<number> {
  const creation = await new BatchesRepository(archive.dataSource).create({
    name: 'Again',
    pipeline: '2 stages',
    files: { batch: earlier.id, runs: 'all' },
    createdBy: 'kc',
    reuse: true,
    ...change,
  });
  if (creation.result !== 'created') throw new Error(creation.result);
  return creation.id;
}

describe('the estimate of a batch', () => {
  it('excludes reusable stages and contains the minutes of media', async () => {
    expect(await estimate(await again())).toMatchObject({
      files: 4,
      reused: 1,
      minutes: 3,
      unknownDurations: 1,
      stages: [
        {
          index: 0,
          app: 'shots_v1',
          name: 'Shots',
          concurrency: 1,
          runs: 2,
          reused: 2,
          minutes: 1,
          unknownDurations: 1,
        },
        { index: 1, runs: 3, reused: 1, minutes: 2, unknownDurations: 1 },
      ],
    });
  });

  it('contains all stages when nothing can be reused', async () => {
    expect(await estimate(await again({ reuse: false }))).toMatchObject({
      reused: 0,
      stages: [{ runs: 4 }, { runs: 4 }],
    });
  });

  it('follows the decision once it is made', async () => {
    const batch = await again();
    const before = await estimate(batch);
    await new BatchesRepository(archive.dataSource).start(batch);
    await new ReuseRepository(archive.dataSource, epoch).decide(batch, 10);
    const after = (await estimate(batch))!;
    expect(after.stages.map(({ runs }) => runs)).toEqual(before!.stages.map(({ runs }) => runs));
    expect(after.files).toBe(3);
  });

  it('is limited to the trial or to a requested number of files', async () => {
    const batch = await again({ trial: 2, reuse: false });
    expect([
      (await estimate(batch))!.files,
      (await estimate(batch, 1))!.files,
      (await estimate(batch, 0))!.files,
    ]).toEqual([2, 1, 4]);
  });

  it('contains the remaining files when the trial has ended', async () => {
    const batch = await again({ trial: 2, reuse: false });
    await archive.dataSource.query(
      "update runs set state = 'done', next_index = 2, generation = 1 where batch_id = $1 and row < 2",
      [batch],
    );
    expect((await estimate(batch))!.files).toBe(2);
    expect((await estimate(batch, 3))!.files).toBe(1);
  });

  it('lists which files have the chosen input', async () => {
    const batch = await again({ input: { kind: 'latest' }, reuse: false });
    expect(await estimate(batch)).toMatchObject({
      inputs: { found: 1, missing: { count: 3, guids: ['cpb-aacip-1', 'cpb-aacip-2', 'cpb-aacip-3'] } },
    });
    expect(await estimate(await again())).toMatchObject({ inputs: { found: 0, missing: { count: 0 } } });
  });

  it('is empty for a finished batch, and requires an existing batch', async () => {
    await archive.dataSource.query("update runs set state = 'done', next_index = 2 where batch_id = $1", [earlier.id]);
    expect(await estimate(earlier.id)).toMatchObject({ files: 0, stages: [{ runs: 0 }, { runs: 0 }] });
    expect(await estimate(999_999)).toBeNull();
  });
});

describe('the pace of a batch', () => {
  const paces = () => new BatchPacesRepository(archive.dataSource, epoch);

  it('is sampled while the batch runs and is not paused', async () => {
    const draft = await again();
    await paces().sample();
    expect(await paces().of(earlier.id)).toMatchObject([{ ended: [3, 2] }]);
    await archive.dataSource.query('update batches set paused_at = now() where id = $1', [earlier.id]);
    await paces().sample();
    expect([(await paces().of(earlier.id)).length, await paces().of(draft)]).toEqual([1, []]);
  });

  it('is deleted after some minutes', async () => {
    await paces().sample();
    await archive.dataSource.query("update batch_samples set at = at - interval '16 minutes'");
    await paces().sample();
    expect(await paces().of(earlier.id)).toHaveLength(1);
  });

  it('includes the hours of media that are done', async () => {
    expect(await paces().mediaHours(earlier.id)).toEqual({ total: 3 / 60, done: 1 / 60, unknownDurations: 1 });
  });
});
