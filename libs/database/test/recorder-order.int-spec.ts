import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AdmissionRepository, RecorderRepository, type StageChange, LeaderEpoch } from '../src/index.js';
import { admitStages } from './admit-stages.js';
import { counters, recount } from './recount.js';
import { isFullRun, stageChange } from '#libs/testing';
import { TestArchive, type TestRun } from './test-archive.js';

const STAGES = 3;
const CURSOR = { stream: 'EVENTS', streamCreated: '2026-01-01T00:00:00.000Z', sequence: 1 };

let archive: TestArchive;
let recorder: RecorderRepository;
beforeAll(async () => {
  archive = await TestArchive.open();
  recorder = new RecorderRepository(archive.dataSource, new LeaderEpoch());
});
afterAll(() => archive.close());

/** One attempt of a run: its first stage, the number of done stages, how it ends, and the deliveries of each stage. */
const tryArbitrary = fc.record({
  from: fc.nat({ max: STAGES - 1 }),
  succeeds: fc.nat({ max: STAGES }),
  ending: fc.constantFrom('failed', 'cancelled', 'parked', 'running', 'queued'),
  deliveries: fc.integer({ min: 1, max: 3 }),
  settledBy: fc.integer({ min: 1, max: 3 }),
  fingerprint: fc.constantFrom('no codec', 'no sound'),
  mark: fc.constantFrom(null, 'empty', 'partial'),
});
type Try = typeof tryArbitrary extends fc.Arbitrary<infer T> ? T : never;

/** All changes of a run in one attempt, in their order; each further attempt is a newer lineage. */
function changesOfTry(run: TestRun, number: number, plan: Try): StageChange[] {
  const { from, succeeds, ending, deliveries, settledBy, fingerprint, mark } = plan;
  const lineage = { generation: 1 + Math.floor(number / 2), root: String(100 + number) };
  const change = (index: number, more: Partial<StageChange>) =>
    stageChange({ ...run, ...lineage, index, stages: STAGES, ...more });
  const begin = (index: number) =>
    Array.from({ length: deliveries }, (_, before) =>
      change(index, { state: 'running', rank: 1, delivery: before + 1, calls: before + 1 }),
    );
  const settle = (index: number, more: Partial<StageChange>) =>
    change(index, { rank: 2, delivery: Math.min(settledBy, deliveries), ...more });

  const changes: StageChange[] = [];
  const end = Math.min(from + succeeds, STAGES);
  for (let index = from; index < end; index += 1) {
    changes.push(...begin(index), settle(index, { state: 'done', outcome: 'ok', mark }));
    if (index + 1 < STAGES) changes.push(change(index + 1, { state: 'queued', rank: 0, delivery: 0, calls: 0 }));
  }
  if (end === STAGES || ending === 'queued') return changes;
  changes.push(...begin(end));
  if (ending === 'failed')
    changes.push(settle(end, { state: 'failed', outcome: 'app-error', sentence: 'Failed.', fingerprint }));
  if (ending === 'cancelled') changes.push(settle(end, { state: 'cancelled', outcome: 'cancelled' }));
  if (ending === 'parked') changes.push(settle(end, { state: 'waiting' }));
  return changes;
}

/** Records changes in transactions of at most `size` changes, each with one change per stage run. */
async function record(changes: readonly StageChange[], size: number): Promise<void> {
  let pending = new Map<string, StageChange>();
  const flush = async () => {
    await recorder.record([...pending.values()], [], CURSOR);
    pending = new Map();
  };
  for (const change of changes) {
    const key = `${change.run}/${change.index}`;
    if (pending.has(key) || pending.size === size) await flush();
    pending.set(key, change);
  }
  await flush();
}

const shuffledBy = <Item>(dice: readonly number[], items: readonly Item[]): Item[] =>
  items
    .map((item, at) => ({ item, place: dice[at]! }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);

/** The final state of a batch, without IDs and times. */
const ending = async ([{ batch }]: [TestRun, ...TestRun[]]) => ({
  batch: await archive.dataSource.query('select state, finished_at is null as open from batches where id = $1', [
    batch,
  ]),
  runs: await archive.dataSource.query(
    `select row, state, generation, root, next_index, sentence, finished_at is null as open
     from runs where batch_id = $1 order by row`,
    [batch],
  ),
  stages: await archive.dataSource.query(
    `select r.row, s.index, s.state, s.generation, s.root, s.delivery, s.rank, s.calls, s.fingerprint, s.mark
     from runs r join stage_runs s on s.run_id = r.id where r.batch_id = $1 order by r.row, s.index`,
    [batch],
  ),
  counters: await counters(archive.dataSource, batch),
});

/** Admits all runs of a batch, as the scheduler does. */
async function admit([{ batch: id }]: [TestRun, ...TestRun[]]): Promise<void> {
  const admission = new AdmissionRepository(archive.dataSource, new LeaderEpoch());
  await admitStages(admission, id, 500);
}

const plans = fc.array(fc.array(tryArbitrary, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 });

it('reaches the same state in whatever order and however often changes are recorded', async () => {
  const inAnyOrder = fc.asyncProperty(
    plans,
    fc.infiniteStream(fc.nat()),
    fc.integer({ min: 2, max: 30 }),
    fc.boolean(),
    async (plan, dice, size, isAdmissionKept) => {
      const changesOf = (runs: TestRun[]) =>
        runs.flatMap((run, row) => plan[row]!.flatMap((one, number) => changesOfTry(run, number, one)));
      const inOrder = await archive.runningBatch({ files: plan.length, stages: STAGES });
      const shuffled = await archive.runningBatch({ files: plan.length, stages: STAGES });
      if (isAdmissionKept) await Promise.all([admit(inOrder), admit(shuffled)]);

      await record(changesOf(inOrder), changesOf(inOrder).length);
      const arrivals = [...changesOf(shuffled), ...changesOf(shuffled)];
      await record(shuffledBy([...dice.take(arrivals.length)], arrivals), size);

      const [{ batch }] = shuffled;
      expect(await ending(shuffled)).toEqual(await ending(inOrder));
      expect(await counters(archive.dataSource, batch)).toEqual(await recount(archive.dataSource, batch));
    },
  );
  await fc.assert(inAnyOrder, { numRuns: isFullRun ? 20 : 6 });
}, 60_000);
