import type { AppStatus, BatchStatus, RunStatus } from '#libs/database';
import type { ActivityStatus, BrokerStatus, RunSituation, SystemStatus } from './situation.js';

const MINUTE = 60_000;
export const NOW = Date.parse('2026-11-25T14:30:00Z');
export const EARLIER = NOW - 30 * MINUTE;

export const anApp = (app: string, change: Partial<AppStatus> = {}): AppStatus => ({
  app: `${app.toLowerCase()}_v1`,
  name: app,
  ready: true,
  concurrency: 2,
  retry: {},
  unreachable: false,
  paused: null,
  ...change,
});

/** A running batch through two apps. */
export const aBatch = (change: Partial<BatchStatus> = {}): BatchStatus => ({
  batch: 5,
  state: 'running',
  version: 9,
  paused: null,
  held: null,
  cancelledGeneration: 0,
  trial: null,
  route: [anApp('Shots'), anApp('Text')],
  firstOpen: 0,
  runs: { waiting: 3, running: 1, done: 4, failed: 0, cancelled: 0 },
  openAt: [true, true],
  retrying: null,
  worstError: null,
  ...change,
});

/** The recorder works, and a worker lists a run of the batch. */
export const anActivity = (change: Partial<ActivityStatus> = {}): ActivityStatus => ({
  recordedAt: NOW,
  changedAt: new Map([[5, NOW]]),
  heldBatches: new Set([5]),
  busySlots: new Map(),
  deferred: new Map(),
  blockingSessions: [],
  admissionFailure: null,
  ...change,
});

/** Both apps are served and have free credits. */
export const aSystem = (change: Partial<SystemStatus> = {}): SystemStatus => ({
  now: NOW,
  sharedIds: [],
  workers: new Map([
    ['shots_v1', ['w1']],
    ['text_v1', ['w1']],
  ]),
  credits: { fullApp: () => null, runsAhead: () => 0 },
  lag: 0,
  isCatchingUp: false,
  refusal: null,
  activity: anActivity(),
  ...change,
});

/** The second stage is published, not delivered, and not settled. */
export const aBroker = (change: Partial<BrokerStatus> = {}): BrokerStatus => ({
  installation: 'here',
  holder: null,
  message: { sequence: 100, installation: 'here' },
  position: { acknowledged: 90, delivered: 95, pending: 5, unacknowledged: 2 },
  settledGeneration: null,
  deadLetter: null,
  ...change,
});

/** A run whose second stage is queued. */
export const aRun = (change: Partial<RunStatus> = {}): RunStatus => ({
  run: 17,
  state: 'running',
  generation: 1,
  cancelledGeneration: 0,
  nextIndex: 1,
  attempt: 0,
  notBefore: null,
  sentence: null,
  finishedAt: null,
  stage: { state: 'queued', outcome: null, calls: 0 },
  hasInput: true,
  isBeyondTrial: false,
  aheadInBatch: 0,
  aheadInQueue: 0,
  batch: aBatch(),
  ...change,
});

export const situation = (run: Partial<RunStatus>, rest: Partial<Omit<RunSituation, 'run'>> = {}): RunSituation => ({
  run: aRun(run),
  system: aSystem(),
  broker: aBroker(),
  ...rest,
});
