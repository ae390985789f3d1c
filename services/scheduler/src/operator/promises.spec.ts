import { describe, expect, it } from '@jest/globals';
import type { Explanation } from '#libs/contracts';
import type { AppStatus, BatchStatus, RunStatus } from '#libs/database';
import { explainApp } from './explain-app.js';
import { explainBatch } from './explain-batch.js';
import { explainRun } from './explain-run.js';
import type { BrokerStatus, SystemStatus } from './situation.js';
import { aBatch, aBroker, anActivity, anApp, aRun, aSystem, EARLIER, NOW } from './situation.fixture.js';

/** Words that promise that work continues without an action. */
const PROMISE = /automatic|by itself|\bcontinues\b|no action needed:/i;
const LATER = NOW + 60_000;

/** All combinations of one change per list, merged. */
const combined = <Change extends object>(...lists: readonly (readonly Change[])[]): Change[] =>
  lists.reduce<Change[]>(
    (known, list) => known.flatMap((one) => list.map((change) => ({ ...one, ...change }))),
    [{} as Change],
  );

const paused = (by: string) => ({ by, at: EARLIER, why: 'It fails' });
const apps: Partial<AppStatus>[] = [
  {},
  { ready: false },
  { paused: paused('kc') },
  { paused: paused('breaker') },
  { paused: paused('breaker'), unreachable: true },
];
const held = (probeAt: string | null) => [
  { stage: 1, by: 'breaker', reason: 'It fails.', since: new Date(EARLIER).toISOString(), probeAt, probe: null },
];
const onlyWaiting = { waiting: 2, running: 0, done: 4, failed: 0, cancelled: 0 };
const batches: BatchStatus[] = apps.flatMap((change) =>
  combined<Partial<BatchStatus>>(
    [{}, { held: held(null) }, { held: held(new Date(LATER).toISOString()) }, { paused: { by: 'kc', at: EARLIER } }],
    [{}, { cancelledGeneration: 1, runs: onlyWaiting }, { trial: { files: 4, open: 0 } }],
  ).map((rest) => aBatch({ route: [anApp('Shots'), anApp('Text', change)], ...rest })),
);
const session = { pid: 77, user: 'ann', application: 'psql', since: EARLIER };
const failure = { since: EARLIER, sentence: 'The store is full.' };
/** No worker lists a run. */
const quiet = { heldBatches: new Set<number>(), changedAt: new Map([[5, EARLIER]]) };
const systems: SystemStatus[] = combined<Partial<SystemStatus>>(
  [{}, { workers: new Map() }],
  [{}, { lag: null }, { lag: 60_000 }],
  [{}, { refusal: { since: EARLIER, reason: 'full', count: 3 } }],
  [{}, { credits: { fullApp: () => 'text_v1', runsAhead: () => 4 } }],
  [
    { activity: anActivity(quiet) },
    { activity: anActivity({ ...quiet, recordedAt: EARLIER, blockingSessions: [session] }) },
    { activity: anActivity({ ...quiet, recordedAt: EARLIER, admissionFailure: failure }) },
  ],
).map(aSystem);
const deadLetter = { sequence: 3, of: 100, reason: 'malformed', sentence: 'It is not valid.' };
const position = { acknowledged: 90, delivered: 100, pending: 0, unacknowledged: 2 };
const brokers: BrokerStatus[] = combined<Partial<BrokerStatus>>(
  [
    {},
    { message: null },
    { message: { sequence: 100, installation: 'elsewhere' } },
    { position: null },
    { position },
    { position: { ...position, acknowledged: 100 } },
    { deadLetter },
  ],
  [{}, { settledGeneration: 1 }],
).map(aBroker);
const runs: Partial<RunStatus>[] = [
  { state: 'running' },
  { state: 'waiting' },
  { state: 'waiting', notBefore: EARLIER },
  { state: 'waiting', hasInput: false },
  { state: 'waiting', isBeyondTrial: true },
  { state: 'failed' },
  { state: 'cancelled' },
  { state: 'done' },
];

const promises = (explanations: readonly Explanation[]): string[] => [
  ...new Set(
    explanations.map(({ reason, nextAction }) => `${reason} ${nextAction}`).filter((all) => PROMISE.test(all)),
  ),
];
const ofRuns = (
  broker: Partial<BrokerStatus>,
  change: Partial<RunStatus> = {},
  inSystems: readonly SystemStatus[] = [aSystem()],
): Explanation[] =>
  runs.flatMap((state) =>
    batches.flatMap((batch) =>
      inSystems.flatMap((system) =>
        (state.state === 'running' ? brokers : [aBroker()]).map((one) =>
          explainRun({ run: aRun({ ...state, ...change, batch }), system, broker: { ...one, ...broker } }),
        ),
      ),
    ),
  );
const ofBatches = (change: Partial<BatchStatus> = {}, heldBatches = new Set<number>()): Explanation[] =>
  batches.flatMap((batch) =>
    systems.map((system) =>
      explainBatch({ ...batch, ...change }, { ...system, activity: { ...system.activity, heldBatches } }),
    ),
  );

describe('an explanation', () => {
  it('of a run promises that it continues only if a heartbeat lists it or its retry has a time', () => {
    expect(promises(ofRuns({ holder: null }, {}, systems))).toEqual([]);
    expect(promises(ofRuns({ holder: { worker: 'w1', since: EARLIER } }))).not.toEqual([]);
    expect(promises(ofRuns({ holder: null }, { notBefore: LATER }))).not.toEqual([]);
  });

  it('of a batch promises that it continues only if a heartbeat lists one of its runs or a retry has a time', () => {
    expect(promises(ofBatches())).toEqual([]);
    expect(promises(ofBatches({}, new Set([5])))).not.toEqual([]);
    expect(promises(ofBatches({ retrying: { count: 2, next: LATER } }))).not.toEqual([]);
  });

  it('of an app never promises that it continues', () => {
    const loads = [
      { queued: 0, running: 0 },
      { queued: 3, running: 2 },
    ];
    const explained = apps.flatMap((change) =>
      systems.flatMap((system) =>
        loads.flatMap((load) =>
          [true, false].map((hasConsumer) => explainApp({ app: anApp('Text', change), ...load }, system, hasConsumer)),
        ),
      ),
    );
    expect(promises(explained)).toEqual([]);
  });
});
