import { setTimeout as delay } from 'node:timers/promises';
import { NatsLink } from '#libs/messaging';
import { createLogger } from '#libs/runtime';
import { ApiClient, freePort, startStack } from '#deploy/local';
import { startAppServer } from '../chowda/app-server.js';
import { createBatch, startBatch, untilFinished } from '../chowda/batches.js';
import { type Chowda, savePipeline } from '../chowda/chowda.js';
import { smallDocumentApps } from '../chowda/no-op-app.js';
import { startDatabase } from '../chowda/servers.js';
import { cpuPer, readCpu, totalCpu } from '../measure/cpu-meter.js';
import { treeMemory } from '../measure/memory.js';
import { median, percentile } from '../measure/statistics.js';
import type { PartReport } from '../report/part-report.js';
import type { Workbench } from '../workbench/workbench.js';

const SIZES = { full: { starts: 25, idleSeconds: 30 }, quick: { starts: 3, idleSeconds: 3 } };
const SECOND = 1000;
const MEBIBYTE = 1024 ** 2;
const MICROSECONDS_PER_PERCENT_SECOND = 10_000;
/** Pause between two batches, until the system is idle. */
const PAUSE_MS = 300;
/** For about 30 s after its start, an idle stack still collects garbage and optimises code. */
const SETTLING_MS = 30_000;

/** The whole local stack: time from a batch start to its first stage, and cost when idle. */
export async function spine(bench: Workbench): Promise<PartReport> {
  const { starts, idleSeconds } = bench.quick ? SIZES.quick : SIZES.full;
  const database = await startDatabase(bench, 'stack');
  const stack = await bench.step('Starting the whole stack', () => startWholeStack(bench, database.url));
  bench.defer(() => stack.stop());
  const link = await NatsLink.connect(stack.natsUrl, 'bench', createLogger('bench', 'silent'));
  bench.defer(() => link.close());

  await bench.step('Waiting for the stack to settle', () => delay(bench.quick ? SECOND : SETTLING_MS));
  const pids = { postgres: database.pid, ...stack.pids() };
  const before = readCpu(pids);
  await bench.step('Idle', () => delay(idleSeconds * SECOND));
  const idle = cpuPer(idleSeconds * MICROSECONDS_PER_PERCENT_SECOND, before, readCpu(pids));
  const memory = Object.entries(pids).map(([name, pid]) => ({ name, ...treeMemory(pid) }));
  const inMiB = (key: 'resident' | 'proportional') => memory.reduce((sum, each) => sum + each[key], 0) / MEBIBYTE;

  const api = new ApiClient(stack.webUrl, stack.accessToken);
  const apps = await startAppServer(bench, smallDocumentApps());
  await savePipeline(api, apps.urls, 1);
  const times = await startTimes(bench, { api, databaseUrl: database.url, link }, starts);
  return {
    tables: [
      {
        title: `The whole stack, idle for ${idleSeconds} s, no client connected`,
        columns: ['process', '% of a core', 'resident MiB', 'proportional MiB'],
        rows: [
          ...memory.map(({ name, resident, proportional }) => [
            name,
            idle[name]!,
            Math.round(resident / MEBIBYTE),
            Math.round(proportional / MEBIBYTE),
          ]),
          ['all', totalCpu(idle), Math.round(inMiB('resident')), Math.round(inMiB('proportional'))],
        ],
      },
      {
        title: 'Milliseconds from the response to a start to the start of the first stage, on an idle system',
        columns: ['starts', 'median', 'p95', 'max'],
        rows: [[times.length, median(times), percentile(times, 95), Math.max(...times)]],
      },
    ],
    targets: [
      {
        what: 'spine: response to a start until the first stage starts, median',
        figure: median(times),
        unit: 'ms',
        limit: 50,
        side: 'at most',
      },
      {
        what: 'spine: the whole stack idle, all processes',
        figure: totalCpu(idle),
        unit: '% of a core',
        limit: 1.8,
        side: 'at most',
      },
      {
        what: 'spine: memory of the whole stack, proportional (shared pages counted once)',
        figure: inMiB('proportional'),
        unit: 'MiB',
        limit: 900,
        side: 'at most',
      },
    ],
    notes: ['The stack of "npm start" with the demo apps, before the samples are loaded.'],
  };
}

const startWholeStack = async (bench: Workbench, databaseUrl: string) =>
  startStack({
    dataFolder: bench.folder('stack'),
    httpPort: await freePort(),
    databaseUrl,
    environment: process.env,
    onEvent: () => undefined,
  });

/** Starts batches of one file one after the other; returns the time in ms until the first stage of each starts. */
async function startTimes(
  bench: Workbench,
  { link, ...gateway }: Pick<Chowda, 'api' | 'databaseUrl' | 'link'>,
  starts: number,
): Promise<number[]> {
  let onStarted: () => void = () => undefined;
  link.connection.subscribe('event.*.*.0.started', { callback: () => onStarted() });
  const times: number[] = [];
  for (let start = 0; start < starts; start += 1) {
    const batch = await createBatch(gateway, 1);
    const finished = untilFinished(link, batch);
    const begun = new Promise<number>((resolve) => (onStarted = () => resolve(performance.now())));
    await startBatch(gateway, batch);
    const answered = performance.now();
    times.push((await bench.step('A batch of one file', () => begun)) - answered);
    await bench.step('The end of the batch', () => finished);
    await delay(PAUSE_MS);
  }
  return times;
}
