import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  canChangeRun,
  canChangeStage,
  RUN_STATES,
  type RunState,
  STAGE_STATES,
  type StageState,
  type TransitionCause,
} from '#libs/contracts';
import { stageChange } from '#libs/testing';
import {
  AdmissionRepository,
  AuditRepository,
  CancelRepository,
  LeaderEpoch,
  RecorderRepository,
  ReplayRepository,
  ReuseRepository,
  type StageChange,
  SweepRepository,
} from '../src/index.js';
import { admitStages } from './admit-stages.js';
import { cancelWholeBatch } from './cancel-whole-batch.js';
import { DOCUMENT, OperatedBatch } from './operated-batch.js';
import { counters, recount } from './recount.js';
import { TestArchive, type TestRun } from './test-archive.js';

/**
 * Tries every pair of states for which a command exists: `from` is written directly, then a real repository tries to
 * reach `to`. No command sets the other states of a cause (an admission can only set `running`), so those pairs cannot
 * be tried; the table refuses them, which states.spec.ts checks.
 */
let archive: TestArchive;
beforeAll(async () => {
  archive = await TestArchive.open();
  await archive.mediaFiles(STAGE_STATES.length);
  // Only stages that started after the last change of their file can be reused.
  await archive.dataSource.query("update media_files set changed_at = now() - interval '1 day'");
  // Earlier runs of the same files, whose first stage can be reused.
  const earlier = await OperatedBatch.start(archive, STAGE_STATES.length);
  await earlier.admit();
  for (const row of STAGE_STATES.keys()) await earlier.done(row, 0);
});
afterAll(() => archive.close());

const EPOCH = new LeaderEpoch();
const CURSOR = { stream: 'EVENTS', streamCreated: '2026-01-01T00:00:00.000Z', sequence: 1 };
const USER = { actor: 'kc', request: {} };
const RECORDED = { generation: 1, root: '100' };
const NEWER = { generation: 1, root: '200' };

type Runs = readonly [TestRun, ...TestRun[]];
type Command = (runs: Runs) => Promise<unknown>;

const record = (runs: Runs, change: Partial<StageChange>) => {
  const changes = runs.map((run) => stageChange({ ...run, settledAt: Date.now(), delivery: 9, ...change }));
  return new RecorderRepository(archive.dataSource, EPOCH).record(changes, [DOCUMENT], CURSOR);
};
const admit: Command = ([{ batch }]) => admitStages(new AdmissionRepository(archive.dataSource, EPOCH), batch, 100);
const reuse: Command = ([{ batch }]) => new ReuseRepository(archive.dataSource, EPOCH).decide(batch, 100);
const cancelBatch: Command = ([{ batch }]) => cancelWholeBatch(new CancelRepository(archive.dataSource, EPOCH), batch);
const cancelRuns: Command = async (runs) => {
  const repository = new CancelRepository(archive.dataSource, EPOCH);
  for (const { run } of runs) await repository.cancelRun(run, { verb: 'cancel', ...USER }, { dryRun: false });
};
const replay: Command = async (runs) => {
  const repository = new ReplayRepository(archive.dataSource, EPOCH);
  for (const { run } of runs)
    await repository.replay({ run, stage: 0 }, { verb: 'replay', ...USER }, { dryRun: false });
};
const returnToWaiting: Command = (runs) =>
  new SweepRepository(archive.dataSource, EPOCH).returnToWaiting(
    runs.map(({ run }) => ({ run, index: 0, generation: 1 })),
  );

/** What a test starts from: runs and their first stage, as they are written to the database. */
interface Given {
  readonly run: (row: number) => { state: RunState; nextIndex?: number; isNew?: boolean };
  readonly stage: (row: number) => StageState;
}

async function given({ run, stage }: Given, files: number): Promise<Runs> {
  const { runs } = await OperatedBatch.start(archive, files);
  for (const { run: id, row } of runs) {
    const { state, nextIndex = 0, isNew = false } = run(row);
    const lineage = isNew ? { generation: 0, root: '0' } : RECORDED;
    await archive.dataSource.query(
      'update runs set state = $2, next_index = $3, generation = $4, root = $5 where id = $1',
      [id, state, nextIndex, lineage.generation, lineage.root],
    );
    const first = stage(row);
    if (first === 'waiting' && isNew) continue;
    await archive.dataSource.query(
      `insert into stage_runs (run_id, index, state, generation, root, delivery, rank) values ($1, 0, $2, $3, $4, 0, 0)`,
      [id, first, lineage.generation, lineage.root],
    );
  }
  const [{ batch }] = runs;
  await archive.dataSource.query('update batches set reuse = true where id = $1', [batch]);
  await new AuditRepository(archive.dataSource, EPOCH).repair(batch, { verb: 'audit', ...USER });
  return runs;
}

/** What a command changed in each row: the new state, or `unchanged`. */
async function changed<State extends string>(table: string, [{ batch }]: Runs, command: () => Promise<unknown>) {
  const read = () => archive.dataSource.query<{ row: number; state: State }[]>(table, [batch]);
  const before = await read();
  await command();
  expect(await counters(archive.dataSource, batch)).toEqual(await recount(archive.dataSource, batch));
  return (await read()).map((after, at) =>
    JSON.stringify(after) === JSON.stringify(before[at]) ? 'unchanged' : after.state,
  );
}
const RUN_ROWS = 'select row, state, generation, root, next_index from runs where batch_id = $1 order by row';
const STAGE_ROWS = `
  select r.row, coalesce(s.state, 'waiting') as state, s.generation, s.root, s.delivery, s.rank
  from runs r left join stage_runs s on s.run_id = r.id and s.index = 0 where r.batch_id = $1 order by r.row`;

describe('a run', () => {
  const event =
    (lineage: typeof RECORDED) =>
    (change: Partial<StageChange>): Command =>
    (runs) =>
      record(runs, { ...lineage, ...change });
  const events = (lineage: typeof RECORDED): [RunState, Command][] => [
    ['running', event(lineage)({ state: 'done', outcome: 'ok' })],
    ['done', event(lineage)({ index: 1, state: 'done', outcome: 'ok' })],
    ['failed', event(lineage)({ state: 'failed', outcome: 'invalid-output' })],
    ['cancelled', event(lineage)({ state: 'cancelled', outcome: 'cancelled' })],
    ['waiting', event(lineage)({ state: 'waiting' })],
    ['waiting', event(lineage)({ state: 'failed', outcome: 'unreachable' })],
  ];
  const ATTEMPTS: [TransitionCause, RunState, Command, Partial<Given>][] = [
    ['admit', 'running', admit, { stage: () => 'waiting' }],
    ...events(RECORDED).map(([to, command]): (typeof ATTEMPTS)[number] => ['event', to, command, {}]),
    ...events(NEWER).map(([to, command]): (typeof ATTEMPTS)[number] => ['newer-lineage', to, command, {}]),
    ['cancel', 'cancelled', cancelBatch, { stage: () => 'waiting' }],
    ['cancel', 'cancelled', cancelRuns, { stage: () => 'waiting' }],
    ['replay', 'waiting', replay, {}],
  ];
  const rowsBy = (more: { nextIndex?: number; isNew?: boolean } = {}) => ({
    run: (row: number) => ({ state: RUN_STATES[row]!, ...more }),
    stage: (): StageState => 'queued',
  });
  const expected = (cause: TransitionCause, to: RunState) =>
    RUN_STATES.map((from) => (canChangeRun(cause, from, to) ? to : 'unchanged'));

  it.each(ATTEMPTS)('obeys the transition table when %s sets %s', async (cause, to, command, more) => {
    const runs = await given({ ...rowsBy(), ...more }, RUN_STATES.length);
    expect(await changed(RUN_ROWS, runs, () => command(runs))).toEqual(expected(cause, to));
  });

  it('obeys the transition table when the sweep returns it to waiting', async () => {
    const runs = await given(rowsBy({ nextIndex: 1 }), RUN_STATES.length);
    const after = await changed(RUN_ROWS, runs, () => returnToWaiting(runs));
    expect(after).toEqual(expected('return-to-waiting', 'waiting'));
  });

  it.each([1, 2])('obeys the transition table when %s of its two stages are reused', async (reusable) => {
    const to = reusable === 2 ? 'done' : 'waiting';
    const earlier = await OperatedBatch.start(archive, RUN_STATES.length);
    await earlier.admit();
    for (const row of RUN_STATES.keys()) {
      await earlier.done(row, 0);
      if (reusable === 2) await earlier.done(row, 1);
    }
    const runs = await given({ ...rowsBy({ isNew: true }), stage: () => 'waiting' }, RUN_STATES.length);
    expect(await changed(RUN_ROWS, runs, () => reuse(runs))).toEqual(expected('reuse', to));
  });
});

describe('a stage run', () => {
  const all = (state: RunState, more: { nextIndex?: number; isNew?: boolean } = {}) => ({
    run: () => ({ state, ...more }),
    stage: (row: number) => STAGE_STATES[row]!,
  });
  const events = (lineage: typeof RECORDED): [StageState, Command][] =>
    STAGE_STATES.map((to) => {
      if (to === 'retrying')
        return [to, (runs) => record(runs, { ...lineage, state: 'failed', outcome: 'unreachable' })];
      return [
        to,
        (runs) => record(runs, { ...lineage, state: to, outcome: to === 'failed' ? 'invalid-output' : null }),
      ];
    });
  const ATTEMPTS: [TransitionCause, StageState, Command, Given][] = [
    ['reuse', 'skipped', reuse, all('waiting', { isNew: true })],
    ['admit', 'queued', admit, all('waiting')],
    ...events(RECORDED).map(([to, command]): (typeof ATTEMPTS)[number] => ['event', to, command, all('running')]),
    ...events(NEWER).map(([to, command]): (typeof ATTEMPTS)[number] => ['newer-lineage', to, command, all('running')]),
    ['cancel', 'cancelled', cancelBatch, all('waiting')],
    ['cancel', 'cancelled', cancelRuns, all('waiting')],
    ['replay', 'waiting', replay, all('failed')],
    ['return-to-waiting', 'waiting', returnToWaiting, all('running', { nextIndex: 1 })],
  ];

  it.each(ATTEMPTS)('obeys the transition table when %s sets %s', async (cause, to, command, start) => {
    const runs = await given(start, STAGE_STATES.length);
    const expected = STAGE_STATES.map((from) => (canChangeStage(cause, from, to) ? to : 'unchanged'));
    expect(await changed(STAGE_ROWS, runs, () => command(runs))).toEqual(expected);
  });
});
