import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  AdmissionRepository,
  BatchesRepository,
  BatchInputsRepository,
  BatchSummaries,
  type ClaimedRun,
  LeaderEpoch,
  PipelinesRepository,
  RecorderRepository,
  ReuseRepository,
  RunsRepository,
} from '../src/index.js';
import { admitStages } from './admit-stages.js';
import { DOCUMENT, OperatedBatch } from './operated-batch.js';
import { counters, recount } from './recount.js';
import { stageChange } from '#libs/testing';
import { TestArchive } from './test-archive.js';

const UPLOAD = { sha256: 'c'.repeat(64), bytes: 3, encoding: 'identity' as const, content: Buffer.from('{ }') };
const CURSOR = { stream: 'EVENTS', streamCreated: '2026-01-01T00:00:00Z', sequence: 1 };

let archive: TestArchive;
/** Row 0 is done, row 1 failed at its second stage, row 2 at its first stage; row 3 is waiting. Two stages. */
let earlier: OperatedBatch;
const epoch = new LeaderEpoch();

beforeAll(async () => {
  archive = await TestArchive.open();
});
afterAll(() => archive.close());
beforeEach(async () => {
  await archive.dataSource.query('truncate batches, runs cascade');
  await archive.mediaFiles(4);
  await archive.dataSource.query("update media_files set changed_at = now() - interval '1 day'");
  earlier = await OperatedBatch.start(archive, 4);
  await earlier.mix();
});

const noPreparation: (batch: number) => Promise<void> = () => Promise.resolve();

/** A started batch of the same files, by default with three stages of the same app. */
async function later({ stages = 3, parameters = {}, reuse = true, files = 4, prepare = noPreparation } = {}) {
  const { id: model } = await archive.draft({ files, stages });
  let pipeline = `${stages} stages`;
  if (Object.keys(parameters).length > 0) {
    pipeline = 'other parameters';
    const [{ app_id: appId }] = await archive.dataSource.query<[{ app_id: number }]>(
      'select app_id from pipeline_stages',
    );
    const stage = { appId, parameters, types: {}, mmifVersion: null };
    await new PipelinesRepository(archive.dataSource).save({
      name: pipeline,
      description: '',
      stages: [{ ...stage, parameters: {} }, stage],
      sourceVocabulary: 'old',
      createdBy: 'kc',
      findings: [],
    });
  }
  const batches = new BatchesRepository(archive.dataSource);
  const creation = await batches.create({
    name: 'Again',
    pipeline,
    files: { batch: model, runs: 'all' },
    createdBy: 'kc',
    reuse,
  });
  if (creation.result !== 'created') throw new Error(creation.result);
  await prepare(creation.id);
  await batches.start(creation.id);
  return creation.id;
}
const decide = (batch: number, limit = 100) => new ReuseRepository(archive.dataSource, epoch).decide(batch, limit);
async function admit(batch: number, publish = async () => {}): Promise<ClaimedRun[]> {
  const claimed: ClaimedRun[] = [];
  await admitStages(new AdmissionRepository(archive.dataSource, epoch), batch, 100, async (runs) => {
    claimed.push(...runs);
    await publish();
  });
  return claimed.toSorted((one, other) => one.row - other.row);
}
const stagesOf = async (batch: number) =>
  ((await new RunsRepository(archive.dataSource).ofBatch(batch, { after: null, limit: 10 })) ?? []).map(
    ({ state, stages }) => `${state}: ${stages.join(' ')}`,
  );
const rightCounters = async (batch: number) =>
  expect(await counters(archive.dataSource, batch)).toEqual(await recount(archive.dataSource, batch));

describe('a run that has not started', () => {
  it('reuses the stages that an earlier run has finished, and continues after them', async () => {
    const batch = await later();
    expect(await admit(batch)).toEqual([]);
    const { decided, finished, change } = await decide(batch);
    expect([decided, finished]).toEqual([4, 0]);
    expect(change).toMatchObject({
      batch,
      cells: [
        { row: 0, index: 0, state: 'skipped' },
        { row: 0, index: 1, state: 'skipped', mark: 'empty' },
        { row: 1, index: 0, state: 'skipped' },
      ],
    });
    await rightCounters(batch);
    expect((await admit(batch)).map(({ index, generation, input }) => [index, generation, input?.sha256])).toEqual([
      [2, 1, DOCUMENT.sha256],
      [1, 1, DOCUMENT.sha256],
      [0, 1, undefined],
      [0, 1, undefined],
    ]);
    expect(await stagesOf(batch)).toEqual([
      'running: skipped skipped queued',
      'running: skipped queued waiting',
      'running: queued waiting waiting',
      'running: queued waiting waiting',
    ]);
    await rightCounters(batch);
  });

  it('shows from which run a stage was reused, with its document, outcome and mark', async () => {
    const batch = await later();
    await decide(batch);
    const [{ id }] = (await admit(batch)) as [ClaimedRun];
    const { stages } = (await new RunsRepository(archive.dataSource).find(id, () => '/document'))!;
    expect(stages[1]).toMatchObject({
      state: 'skipped',
      outcome: 'empty',
      mark: 'empty',
      reusedFrom: earlier.runs[0].run,
      sentence: `Reused from run ${earlier.runs[0].run} of batch ${earlier.id}.`,
      document: { sha256: DOCUMENT.sha256 },
    });
    expect(stages[2]).not.toHaveProperty('reusedFrom');
  });

  it('is done immediately when all stages are reused, and so is its batch', async () => {
    const batch = await later({ stages: 2, files: 1 });
    expect(await decide(batch)).toMatchObject({ decided: 1, finished: 1, change: { batch } });
    const summary = (await new BatchSummaries(archive.dataSource).of([batch])).get(batch);
    expect(summary).toMatchObject({ state: 'finished', runs: { done: 1 }, stages: [{}, { marks: { empty: 1 } }] });
    await rightCounters(batch);
    expect(await admit(batch)).toEqual([]);
    // Reused results are reused again, also from a run that was never published.
    const third = await later({ stages: 3, files: 1 });
    await decide(third);
    expect(await stagesOf(third)).toEqual(['waiting: skipped skipped waiting']);
  });

  it('ends with its remaining stages like any other run', async () => {
    const batch = await later({ files: 1 });
    await decide(batch);
    const [run] = (await admit(batch)) as [ClaimedRun];
    await new RecorderRepository(archive.dataSource, epoch).record(
      [
        stageChange({
          batch,
          run: run.id,
          row: 0,
          index: 2,
          stages: 3,
          state: 'done',
          rank: 2,
          outcome: 'ok',
          settledAt: 1,
        }),
      ],
      [],
      CURSOR,
    );
    expect(await stagesOf(batch)).toEqual(['done: skipped skipped done']);
    await rightCounters(batch);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['its file has changed meanwhile', () => archive.dataSource.query('update media_files set changed_at = now()')],
    [
      'the vocabulary of its source differs',
      () =>
        archive.dataSource.query(
          "update pipeline_versions set source_vocabulary = 'new' where id = (select pipeline_version_id from batches where id = $1)",
          [earlier.id],
        ),
    ],
    [
      'the earlier run is replayed',
      () =>
        archive.dataSource.query("update runs set next_index = 0, state = 'waiting' where batch_id = $1", [earlier.id]),
    ],
  ])('reuses nothing when %s', async (_, change) => {
    const batch = await later();
    await change();
    expect(await decide(batch)).toMatchObject({ decided: 4, finished: 0, change: null });
    await archive.dataSource.query("update pipeline_versions set source_vocabulary = 'old'");
    expect((await admit(batch)).map(({ index }) => index)).toEqual([0, 0, 0, 0]);
  });

  it('reuses nothing after a stage with other parameters', async () => {
    const batch = await later({ parameters: { threshold: 0.5 } });
    await decide(batch);
    expect(await stagesOf(batch)).toEqual([
      'waiting: skipped waiting',
      'waiting: skipped waiting',
      'waiting: waiting waiting',
      'waiting: waiting waiting',
    ]);
  });

  it('reuses only results of the same input', async () => {
    const upload = async (batch: number) => {
      await new BatchInputsRepository(archive.dataSource).set(batch, 'cpb-aacip-0', UPLOAD, 'kc');
    };
    const other = await later({ files: 1, prepare: upload });
    expect(await decide(other)).toMatchObject({ decided: 1, change: null });
    const [run] = (await admit(other)) as [ClaimedRun];
    await new RecorderRepository(archive.dataSource, epoch).record(
      [
        stageChange({
          batch: other,
          run: run.id,
          row: 0,
          stages: 3,
          state: 'done',
          rank: 2,
          outcome: 'ok',
          settledAt: Date.now(),
          document: DOCUMENT.sha256,
        }),
      ],
      [DOCUMENT],
      CURSOR,
    );
    const same = await later({ files: 1, prepare: upload });
    await decide(same);
    expect(await stagesOf(same)).toEqual(['waiting: skipped waiting waiting']);
  });

  it('reuses nothing in a batch without reuse', async () => {
    const batch = await later({ reuse: false });
    expect(await decide(batch)).toMatchObject({ decided: 0 });
    expect((await admit(batch)).map(({ index }) => index)).toEqual([0, 0, 0, 0]);
  });
});

describe('the decision about reuse', () => {
  it('is final, because the run may have been published', async () => {
    const batch = await later();
    await decide(batch);
    await expect(admit(batch, () => Promise.reject(new Error('killed')))).rejects.toThrow('killed');
    await earlier.admit();
    await earlier.done(3, 0);
    expect(await decide(batch)).toMatchObject({ decided: 0 });
    expect((await admit(batch)).map(({ index, generation }) => [index, generation])).toEqual([
      [2, 1],
      [1, 1],
      [0, 1],
      [0, 1],
    ]);
  });

  it('is made once per run under concurrency', async () => {
    const batch = await later();
    const decisions = await Promise.all(Array.from({ length: 5 }, () => decide(batch, 2)));
    expect(decisions.reduce((sum, { decided }) => sum + decided, 0)).toBe(4);
    await rightCounters(batch);
  });

  it('is not made for replayed runs', async () => {
    const batch = await later({ files: 1 });
    await decide(batch);
    await admit(batch);
    await archive.dataSource.query("update runs set state = 'waiting', reuse_decided = false where batch_id = $1", [
      batch,
    ]);
    expect(await decide(batch)).toMatchObject({ decided: 0 });
  });
});
