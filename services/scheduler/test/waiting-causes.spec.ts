import { describe, expect, it } from '@jest/globals';
import type { BatchSummary, BatchView } from '#libs/contracts';
import type { BatchStatus, RunStatus } from '#libs/database';
import { batchLines, batchStateLabel } from '../../cli/src/commands/batch-lines.js';
import { blockOf } from '../src/operator/batch-block.js';
import { explainBatch } from '../src/operator/explain-batch.js';
import { explainRun } from '../src/operator/explain-run.js';
import type { ActivityStatus, BrokerStatus, SystemStatus } from '../src/operator/situation.js';
import { aBatch, aBroker, anActivity, anApp, aRun, aSystem, EARLIER, NOW } from '../src/operator/situation.fixture.js';

const SECOND = 1000;
/** When the cause began: all that follows is said a minute later. */
const BEGAN = NOW - 60 * SECOND;
/** Only with a time of a retry, or while a worker lists the run. */
const BY_ITSELF = /No action needed|continues automatically\./;

const SESSION = { pid: 77, user: 'ann', application: 'psql', since: EARLIER };
const paused = (by: string, why: string) => ({ by, at: BEGAN, why });
const withShots = (change: Parameters<typeof anApp>[1]) => ({ route: [anApp('Shots', change), anApp('Text')] });
const runs = (change: Partial<BatchStatus['runs']>) => ({
  runs: { waiting: 0, running: 0, done: 4, failed: 0, cancelled: 0, ...change },
});
const WAITING = { state: 'waiting', nextIndex: 0, stage: null } as const;
const QUEUED = { state: 'running', nextIndex: 0 } as const;
const RETRYING = { ...WAITING, notBefore: NOW + 60 * SECOND, stage: null, sentence: 'It failed.' };

interface Situation {
  readonly batch?: Partial<BatchStatus>;
  readonly run?: Partial<RunStatus>;
  readonly system?: Partial<SystemStatus>;
  readonly activity?: Partial<ActivityStatus>;
  readonly broker?: Partial<BrokerStatus>;
}
/** What happened, the cause that must be named, and the exact situation after a minute in which no worker lists a run. */
const CAUSES: [what: string, cause: string, Situation][] = [
  ['a person pauses the batch', 'paused by kc', { batch: { paused: { by: 'kc', at: BEGAN } }, run: WAITING }],
  [
    'the batch is held because its files fail alike',
    '20 files failed',
    {
      batch: {
        held: [
          {
            stage: 0,
            by: 'breaker',
            reason: '20 files failed.',
            since: new Date(BEGAN).toISOString(),
            probeAt: null,
            probe: null,
          },
        ],
      },
      run: WAITING,
    },
  ],
  ['a person pauses the app', 'GPU maintenance', { batch: withShots({ paused: paused('kc', 'GPU maintenance') }) }],
  [
    'the breaker pauses the app',
    'paused by the circuit breaker',
    { batch: withShots({ paused: paused('breaker', 'It failed.') }), run: WAITING },
  ],
  [
    'the app refuses connections',
    'Shots has been unreachable since',
    { batch: withShots({ unreachable: true, paused: paused('breaker', 'connect ECONNREFUSED') }), run: WAITING },
  ],
  [
    'the app refuses connections while a retry has a time',
    'Shots has been unreachable since',
    {
      batch: {
        ...withShots({ unreachable: true, paused: paused('breaker', 'connect ECONNREFUSED') }),
        ...runs({ waiting: 1 }),
        retrying: { count: 1, next: RETRYING.notBefore },
      },
      run: RETRYING,
    },
  ],
  ['no worker serves the app', 'No running worker serves Shots', { system: { workers: new Map() } }],
  [
    'the consumer of the app is not created',
    'has not been created yet',
    { batch: withShots({ ready: false }), run: WAITING },
  ],
  [
    'the broker stops',
    'The NATS server does not answer',
    { system: { lag: null }, broker: { message: null, position: null } },
  ],
  ['the broker stops before the admission', 'The NATS server does not answer', { system: { lag: null }, run: WAITING }],
  [
    'the store of the broker is full',
    'JetStream file resource limits exceeded',
    { system: { refusal: { since: BEGAN, reason: 'JetStream file resource limits exceeded', count: 9 } } },
  ],
  [
    'the admission fails',
    'no responders',
    { activity: { admissionFailure: { since: BEGAN, sentence: 'no responders' } }, run: WAITING },
  ],
  [
    'a session locks the cursor of the recorder',
    'session 77 of user ann',
    {
      system: { lag: 3 },
      activity: { recordedAt: BEGAN, blockingSessions: [SESSION] },
      broker: { settledGeneration: 1 },
    },
  ],
  [
    'Postgres does not record',
    'no event has been recorded since',
    { system: { lag: 3 }, activity: { recordedAt: BEGAN }, broker: { settledGeneration: 1 } },
  ],
  [
    'a session locks a run of the batch',
    'session 77 of user ann',
    {
      activity: { deferred: new Map([[5, { count: 2, since: BEGAN }]]), blockingSessions: [SESSION] },
      broker: { settledGeneration: 1 },
    },
  ],
  [
    'an unknown transaction locks a run of the batch',
    'another transaction locks',
    { activity: { deferred: new Map([[5, { count: 2, since: BEGAN }]]) }, broker: { settledGeneration: 1 } },
  ],
  ['the recorder is far behind', '60,000 events behind', { system: { lag: 60_000 }, run: WAITING }],
  [
    'a new leader reads the events that the database has lost',
    'has not recorded all events',
    { system: { lag: 20, isCatchingUp: true }, run: WAITING },
  ],
  [
    'the app is full of files of other batches',
    'Shots is full: 4 runs in progress',
    {
      batch: runs({ waiting: 3 }),
      system: { credits: { fullApp: () => 'shots_v1', runsAhead: () => 4 } },
      activity: { busySlots: new Map([['shots_v1', 2]]) },
      run: WAITING,
    },
  ],
  [
    'the slots of the app are in use for other batches',
    'in the queue of Shots',
    { batch: runs({ running: 1 }), activity: { busySlots: new Map([['shots_v1', 2]]) } },
  ],
  [
    'all that remains is retried',
    'will be retried',
    { batch: { ...runs({ waiting: 1 }), retrying: { count: 1, next: RETRYING.notBefore } }, run: RETRYING },
  ],
  ['the message of a stage is lost', 'no running worker lists|is missing', { broker: { message: null } }],
  [
    'a worker has taken the message, and died',
    'no running worker lists|has not reported starting',
    { broker: { position: { acknowledged: 90, delivered: 100, pending: 0, unacknowledged: 2 } } },
  ],
  [
    'the message was acknowledged without a settlement',
    'no running worker lists|was not settled',
    { broker: { position: { acknowledged: 100, delivered: 100, pending: 0, unacknowledged: 2 } } },
  ],
  [
    'a stage is settled, and never recorded',
    'no running worker lists|waits for the recorder',
    { broker: { settledGeneration: 1 } },
  ],
  ['the consumer of the app is lost', 'no running worker lists|The consumer of Shots', { broker: { position: null } }],
  [
    'the message is a dead letter',
    'no running worker lists|dead-lettered as malformed',
    { broker: { deadLetter: { sequence: 3, of: 100, reason: 'malformed', sentence: 'Not JSON.' } } },
  ],
  [
    'the admission does nothing',
    'none has been published since|admitted shortly',
    { batch: runs({ waiting: 1 }), run: WAITING },
  ],
];

function situationOf({ batch, run, system, activity, broker }: Situation) {
  const quiet = { changedAt: new Map([[5, BEGAN]]), heldBatches: new Set<number>() };
  const status = aBatch({ openAt: [true, false], ...batch });
  const state = aSystem({ ...system, activity: anActivity({ ...quiet, ...activity }) });
  return {
    status,
    system: state,
    of: { run: aRun({ ...QUEUED, ...run, batch: status }), system: state, broker: aBroker(broker) },
  };
}

/** What `chowda batches show` and the list print about a batch with this block. */
function onCommandLine(block: NonNullable<ReturnType<typeof blockOf>>): { state: string; lines: string } {
  const iso = (time: number | null) => (time === null ? null : new Date(time).toISOString());
  const { stage, app, reason, since, until, advice } = block;
  const blocked = { stage, app, reason, since: iso(since) ?? iso(NOW)!, until: iso(until), advice };
  const summary = { batch: 5, name: 'b', state: 'running', sentence: '', stages: [], errors: [], blocked };
  const view = {
    name: 'b',
    summary: summary as unknown as BatchSummary,
    pipeline: { name: 'p', version: 1 },
  } as BatchView;
  return { state: batchStateLabel(view), lines: batchLines(view, 80).join('\n') };
}

describe('a minute after', () => {
  it.each(CAUSES)('%s, explain, REST and the CLI name the cause (%s)', (_, cause, given) => {
    const { status, system, of } = situationOf(given);
    const named = new RegExp(cause);
    // REST, the live summary and the web page show the stored block.
    const block = blockOf(status, system);
    expect(block?.reason).toMatch(named);
    expect(onCommandLine(block!)).toEqual({ state: 'blocked', lines: expect.stringMatching(named) });
    expect(onCommandLine(block!).lines).toContain(block!.advice);
    const [ofBatch, ofRun] = [explainBatch(status, system), explainRun(of)];
    expect(ofBatch.reason).toContain(block!.reason);
    expect(ofRun.reason).toMatch(named);
    if (given.run === RETRYING) return;
    for (const { nextAction } of [ofBatch, ofRun]) expect(nextAction).not.toMatch(BY_ITSELF);
    expect(block!.advice).not.toMatch(BY_ITSELF);
  });
});
