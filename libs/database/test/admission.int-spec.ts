import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  AdmissionRepository,
  BatchSummaries,
  type ClaimedRun,
  RecorderRepository,
  type WaitingBatch,
  LeaderEpoch,
} from '../src/index.js';
import { counters, recount } from './recount.js';
import { stageChange } from '#libs/testing';
import { TestArchive, type TestRun } from './test-archive.js';

let archive: TestArchive;
let admission: AdmissionRepository;
let runs: [TestRun, ...TestRun[]];
let batch: WaitingBatch & { readonly nextIndex: number };

beforeAll(async () => {
  archive = await TestArchive.open();
  admission = new AdmissionRepository(archive.dataSource, new LeaderEpoch());
});
afterAll(() => archive.close());
beforeEach(async () => {
  runs = await archive.runningBatch({ files: 5 });
  batch = { ...(await waitingBatch()), nextIndex: 0 };
});

const waitingBatch = async (): Promise<WaitingBatch> =>
  (await admission.waitingBatches(500)).find(({ id }) => id === runs[0].batch)!;
const summary = async () => (await new BatchSummaries(archive.dataSource).of([batch.id])).get(batch.id)!;
const rowsOf = (claimed: readonly ClaimedRun[]) => claimed.map(({ row }) => row);
const publishNothing = async () => {};

/** A publication that lasts until the test ends it. */
function heldPublication() {
  let end!: () => void;
  let begin!: (claimed: ClaimedRun[]) => void;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const claimed = new Promise<ClaimedRun[]>((resolve) => (begin = resolve));
  const publish = (taken: ClaimedRun[]) => {
    begin(taken);
    return ended;
  };
  return { publish, claimed, end };
}

describe(AdmissionRepository, () => {
  it('claims the oldest waiting runs up to the limit and marks them as admitted', async () => {
    const published: ClaimedRun[] = [];
    const [change] = await admission.admit(batch, 2, async (claimed) => void published.push(...claimed));
    expect(published).toEqual(
      [0, 1].map((row) => ({
        id: runs[row]!.run,
        row,
        index: 0,
        calls: 0,
        input: null,
        generation: 1,
        guid: `cpb-aacip-${row}`,
        path: `/media/cpb-aacip-${row}.mp4`,
        kind: 'video',
      })),
    );
    expect(change).toEqual({
      batch: batch.id,
      from: 1,
      to: 2,
      cells: [0, 1].map((row) => ({ row, index: 0, state: 'queued' })),
    });
    expect(await summary()).toMatchObject({ version: 2, runs: { waiting: 3, running: 2 } });
    expect(await counters(archive.dataSource, batch.id)).toEqual(await recount(archive.dataSource, batch.id));
  });

  it('continues with the next runs until none is waiting', async () => {
    const taken: number[] = [];
    const take = async (claimed: ClaimedRun[]) => void taken.push(...rowsOf(claimed));
    await admission.admit(batch, 3, take);
    await admission.admit(batch, 3, take);
    expect(await admission.admit(batch, 3, take)).toEqual([]);
    expect(taken).toEqual([0, 1, 2, 3, 4]);
  });

  it('never gives one run to two schedulers', async () => {
    const held = heldPublication();
    const first = admission.admit(batch, 3, held.publish);
    expect(rowsOf(await held.claimed)).toEqual([0, 1, 2]);
    const others: number[] = [];
    // Ends while the first transaction is open, because it skips locked rows.
    const other = heldPublication();
    const second = admission.admit(batch, 3, async (claimed) => {
      others.push(...rowsOf(claimed));
      held.end();
      return other.publish(claimed);
    });
    await other.claimed;
    await first;
    other.end();
    await second;
    expect(others).toEqual([3, 4]);
    expect(await summary()).toMatchObject({ version: 3, runs: { waiting: 0, running: 5 } });
    expect(await counters(archive.dataSource, batch.id)).toEqual(await recount(archive.dataSource, batch.id));
  });

  it('leaves runs waiting when their publication fails, and publishes them with the same generation later', async () => {
    const before = await summary();
    const failing = admission.admit(batch, 2, () => Promise.reject(new Error('no broker')));
    await expect(failing).rejects.toThrow('no broker');
    expect(await summary()).toEqual(before);
    let again: ClaimedRun[] = [];
    await admission.admit(batch, 2, async (claimed) => void (again = claimed));
    expect(again.map(({ row, generation }) => [row, generation])).toEqual([
      [0, 1],
      [1, 1],
    ]);
  });

  it('makes the recorder wait for a run during its admission, so that its first events are not lost', async () => {
    const held = heldPublication();
    const admitting = admission.admit(batch, 1, held.publish);
    await held.claimed;
    const cursor = { stream: 'EVENTS', streamCreated: '2026-01-01T00:00:00.000Z', sequence: 1 };
    const recorder = new RecorderRepository(archive.dataSource, new LeaderEpoch());
    const recording = recorder.record([stageChange({ ...runs[0], state: 'done', rank: 2 })], [], cursor);
    held.end();
    expect(await admitting).toMatchObject([{ from: 1, to: 2 }]);
    expect(await recording).toMatchObject([{ from: 2, to: 3, cells: [{ row: 0, index: 0, state: 'done' }] }]);
    expect(await summary()).toMatchObject({ runs: { waiting: 4, running: 1 }, stages: [{ counts: { done: 1 } }, {}] });
    expect(await counters(archive.dataSource, batch.id)).toEqual(await recount(archive.dataSource, batch.id));
  });

  it('lists running batches with waiting runs and their routes only', async () => {
    const draft = await archive.draft({ files: 1 });
    expect(batch).toMatchObject({
      waiting: [{ nextIndex: 0, count: 5, undecided: 0 }],
      weight: 100,
      route: [0, 1].map(() => ({ app: 'shots_v1', parameters: {}, deadline: 60 })),
    });
    await admission.admit(batch, 5, publishNothing);
    const ids = (await admission.waitingBatches(500)).map(({ id }) => id);
    expect(ids).not.toContain(draft.id);
    expect(ids).not.toContain(batch.id);
  });

  it('counts runs in progress by their next stage', async () => {
    await admission.admit(batch, 3, publishNothing);
    const cursor = { stream: 'EVENTS', streamCreated: '2026-01-01T00:00:00.000Z', sequence: 1 };
    const recorder = new RecorderRepository(archive.dataSource, new LeaderEpoch());
    await recorder.record([stageChange({ ...runs[0], state: 'done', rank: 2 })], [], cursor);
    await recorder.record([stageChange({ ...runs[1]!, state: 'failed', rank: 2 })], [], cursor);
    const { loads, recorded } = await admission.runsInProgress();
    expect(recorded).toBe(cursor.sequence);
    const inProgress = loads.filter((load) => load.batch === batch.id);
    const load = { batch: batch.id, route: ['shots_v1', 'shots_v1'], count: 1, held: false };
    expect(inProgress.toSorted((a, b) => a.nextIndex - b.nextIndex)).toEqual([
      { ...load, nextIndex: 0 },
      { ...load, nextIndex: 1 },
    ]);
  });

  it('counts runs in progress at a held stage separately, without the probe', async () => {
    await admission.admit(batch, 3, publishNothing);
    await archive.dataSource.query(
      `insert into batch_holds (batch_id, stage, held_by, reason, trips, probe_run) values ($1, 0, 'kc', '', 1, $2)`,
      [batch.id, runs[2]!.run],
    );
    const inProgress = (await admission.runsInProgress()).loads.filter((load) => load.batch === batch.id);
    const load = { batch: batch.id, route: ['shots_v1', 'shots_v1'], nextIndex: 0 };
    expect(inProgress.toSorted((a, b) => a.count - b.count)).toEqual([
      { ...load, count: 1, held: false },
      { ...load, count: 2, held: true },
    ]);
  });

  it('counts and claims waiting runs by their next stage, the oldest of each stage', async () => {
    const continued = [runs[1]!.run, runs[4]!.run];
    await archive.dataSource.query(
      `insert into documents (sha256, bytes, encoding, content, stored_bytes) values (repeat('d', 64), 2, 'identity', '{}', 2)`,
    );
    await archive.dataSource.query(
      `insert into stage_runs (run_id, index, state, generation, root, delivery, rank, document)
       select id, 0, 'done', 0, 0, 0, 2, repeat('d', 64) from unnest($1::bigint[]) as t(id)`,
      [continued],
    );
    await archive.dataSource.query('update runs set next_index = 1 where id = any($1)', [continued]);
    expect((await waitingBatch()).waiting).toEqual([
      { nextIndex: 0, count: 3, undecided: 0 },
      { nextIndex: 1, count: 2, undecided: 0 },
    ]);
    const rows: number[] = [];
    const take = async (claimed: ClaimedRun[]) => void rows.push(...rowsOf(claimed));
    await admission.admit({ ...batch, nextIndex: 1 }, 1, take);
    await admission.admit({ ...batch, nextIndex: 0 }, 2, take);
    await admission.admit({ ...batch, nextIndex: 1 }, 5, take);
    expect(rows).toEqual([1, 0, 2, 4]);
  });

  it('raises the pass of a batch by its admitted runs', async () => {
    await admission.admit(batch, 2, publishNothing);
    expect((await waitingBatch()).pass - batch.pass).toBe((2 * 1000) / 100);
  });

  it('moves a run whose input is lost back one stage, and admits it there in a newer generation', async () => {
    await admission.admit(batch, 5, publishNothing);
    const { dataSource } = archive;
    const recorder = new RecorderRepository(dataSource, new LeaderEpoch());
    const output = { sha256: 'd'.repeat(64), bytes: 2, encoding: 'identity' as const, content: Buffer.from('{}') };
    const position = { stream: 'EVENTS', streamCreated: '2026-01-01T00:00:00Z', sequence: 1 };
    const done = stageChange({ ...runs[0], index: 0, state: 'done', rank: 3, settledAt: 2, document: output.sha256 });
    const parked = stageChange({ ...runs[0], index: 1, state: 'waiting', rank: 2 });
    await recorder.record([done, parked], [output], position);
    await dataSource.query('update stage_runs set document = null where document = $1', [output.sha256]);
    const [change] = await admission.admit({ ...batch, nextIndex: 1 }, 5, publishNothing);
    expect(change?.cells).toContainEqual({ row: 0, index: 0, state: 'waiting' });
    const published: ClaimedRun[] = [];
    await admission.admit(batch, 5, async (claimed) => void published.push(...claimed));
    expect(published).toMatchObject([{ row: 0, index: 0, input: null }]);
    expect(published[0]!.generation).toBeGreaterThan(1);
    expect(await counters(dataSource, batch.id)).toEqual(await recount(dataSource, batch.id));
  });
});
