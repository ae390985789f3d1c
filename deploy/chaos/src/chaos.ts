import { randomInt } from 'node:crypto';
import type { NatsProgram } from '#deploy/local';
import { ChaosApps } from './chaos-apps.js';
import { ChaosStack } from './chaos-stack.js';
import { addMediaFiles, createBatch, savePipeline, type StartedBatch } from './definitions.js';
import { type Disturbed, Disturber } from './disturber.js';
import { examine, type Findings } from './examine.js';
import { History } from './history.js';
import { LiveViewer } from './live-viewer.js';
import { planDisturbances, type PlanOptions } from './plan.js';
import { untilQuiet } from './until-quiet.js';

const SECOND = 1000;
const REPORT_EVERY = 5 * SECOND;
const MAX_SEED = 2 ** 32 - 1;
/** A leader and a standby. */
const PROCESSES = { workers: 3, schedulers: 2 };
const PIPELINE = 'chaos';
const BATCHES = 3;
const CLIENTS_PER_BATCH = 2;
/** Files that each app processes at once, over all workers. */
const CONCURRENCY = 4;

export interface ChaosOptions extends PlanOptions {
  readonly runs: number;
  readonly seed: number;
  readonly program: NatsProgram;
  readonly servers: number;
  /** Seconds without a heartbeat after which a stage is redelivered. */
  readonly ackWait: number;
  /** Folder for all state. */
  readonly folder: string;
  /** Receives progress lines. */
  readonly print: (line: string) => void;
  /** Ends the run early. */
  readonly signal: AbortSignal;
}

/** The result of a chaos run. */
export interface ChaosReport {
  readonly findings: Findings;
  readonly disturbed: readonly Disturbed[];
  /** Sentences of the supervisor, such as ended and restarted processes. */
  readonly events: readonly string[];
  readonly seconds: number;
  readonly calls: number;
  readonly settlements: number;
}

export const newSeed = (): number => randomInt(MAX_SEED);

/** Runs batches through three stages during the disturbances of the seed, then checks the invariants. */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { seed, print, signal } = options;
  const begin = Date.now();
  const events: string[] = [];
  print('Starting servers and services ...');
  const onEvent = (sentence: string) => void events.push(sentence);
  const stack = await ChaosStack.start({ ...options, ...PROCESSES, onEvent });
  const history = new History(stack.link);
  const viewers: LiveViewer[][] = [];
  let apps: ChaosApps | undefined;
  let disturber: Disturber | undefined;
  let reporting: NodeJS.Timeout | undefined;
  const stopAll = () => stack.killAll();
  signal.addEventListener('abort', stopAll, { once: true });
  try {
    apps = await ChaosApps.start(seed);
    print(`Registering ${options.runs} files ...`);
    const slugs = await savePipeline(stack.api, apps.urls, { name: PIPELINE, concurrency: CONCURRENCY });
    const batches = await createBatches(stack, options.runs);
    for (const { id } of batches) viewers.push(connectViewers(stack, id, slugs.length));
    const stages = options.runs * slugs.length;
    const progress = () => history.doneStages / stages;
    disturber = new Disturber({ stack, history, apps: slugs, progress });
    const { done } = disturber;
    const plan = planDisturbances(seed, options);
    reporting = setInterval(() => print(line(begin, history, stages, done, plan.length)), REPORT_EVERY);
    for (const { id } of batches) await stack.api.command(`/api/batches/${id}/start`);
    await disturber.carryOut(plan, signal);
    const quiet = await untilQuiet(stack, { batches: batches.map(({ id }) => id), slugs, signal });
    clearInterval(reporting);
    print('Checking the results ...');
    await Promise.all([history.catchUp('STAGES'), history.catchUp('EVENTS')]);
    const findings = await examine({ stack, history, batches, viewers, calls: apps.calls, quiet });
    const seconds = Math.round((Date.now() - begin) / SECOND);
    const { length: settlements } = history.settlements;
    return { findings, disturbed: done, events, seconds, calls: apps.calls.length, settlements };
  } finally {
    clearInterval(reporting);
    disturber?.resumeAll();
    viewers.flat().forEach((viewer) => viewer.close());
    await history.stop();
    await stack.stop();
    await apps?.close();
    signal.removeEventListener('abort', stopAll);
  }
}

async function createBatches(stack: ChaosStack, runs: number): Promise<StartedBatch[]> {
  const guids = await addMediaFiles(stack.api, stack.mediaFolder, { prefix: 'tape-', count: runs });
  const size = Math.ceil(runs / BATCHES);
  const batches: StartedBatch[] = [];
  for (let first = 0; first < runs; first += size) {
    batches.push(await createBatch(stack.api, PIPELINE, guids.slice(first, first + size)));
  }
  return batches;
}

const connectViewers = ({ webUrl, accessToken }: ChaosStack, batch: number, stages: number): LiveViewer[] =>
  Array.from({ length: CLIENTS_PER_BATCH }, () => new LiveViewer({ webUrl, accessToken, batch, stages }));

function line(begin: number, history: History, stages: number, done: readonly Disturbed[], planned: number): string {
  const seconds = Math.round((Date.now() - begin) / SECOND);
  const last = done.at(-1);
  const state = `${history.doneStages} of ${stages} stages done, ${done.length} of ${planned} disturbances`;
  return `${String(seconds).padStart(4)} s  ${state}${last ? `, the last at ${last.second} s: ${last.what}` : ''}`;
}
