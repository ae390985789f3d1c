import { setTimeout as delay } from 'node:timers/promises';
import { type BatchView, decodeBody, type StageEvent, LIVE_FILTER } from '#libs/contracts';
import { createBatch, startBatch } from '../chowda/batches.js';
import { StateTimes, frameOf } from '../chowda/state-times.js';
import { type Chowda, startChowda } from '../chowda/chowda.js';
import { smallDocumentApps } from '../chowda/no-op-app.js';
import type { SeenFrame } from '../chowda/watchers.js';
import { cpuPer, type CpuTimes, readCpu } from '../measure/cpu-meter.js';
import { percentile } from '../measure/statistics.js';
import type { PartReport } from '../report/part-report.js';
import type { Workbench } from '../workbench/workbench.js';

const SIZES = {
  full: { clients: 1000, processes: 2, batches: 10, seconds: 20 },
  quick: { clients: 50, processes: 1, batches: 2, seconds: 3 },
};
const SECOND = 1000;
/** 256 slots of the first app, each used for about 1.5 s, give 167 runs/s: 500 stages/s and 1,000 events/s. */
const CONCURRENCY = 256;
const SLOW_MS = [1400, 200, 200];
const EVENTS_PER_SECOND = 1000;
const SETTLING_MS = 5000;
const MICROSECONDS_PER_PERCENT_SECOND = 10_000;

/** The time of a status update from a worker to 1,000 browsers at 1,000 events/s. */
export async function live(bench: Workbench): Promise<PartReport> {
  const { clients, processes, batches, seconds } = bench.quick ? SIZES.quick : SIZES.full;
  const apps = smallDocumentApps().map((app, index) => ({ ...app, slowMs: SLOW_MS[index]! }));
  const browsers = { clients, processes };
  const chowda = await startChowda(bench, {
    name: 'chowda',
    apps,
    concurrency: CONCURRENCY,
    worker: 'no-op',
    browsers,
  });
  const stateTimes = new StateTimes(apps.length);
  chowda.link.connection.subscribe('event.>', {
    callback: (_, message) => stateTimes.add(decodeBody(message.data).head as StageEvent),
  });
  const recorded: SeenFrame[] = [];
  chowda.link.connection.subscribe(LIVE_FILTER, {
    callback: (_, message) => recorded.push(frameOf(message.data, Date.now())),
  });
  await startBatches(bench, chowda, batches, seconds);
  await bench.step('Waiting for an even load', () => delay(bench.quick ? SECOND : SETTLING_MS));

  await chowda.watchers.frames();
  recorded.length = 0;
  const readAll = () => ({ ...chowda.cpu(), ...cpuOfBrowsers(chowda) });
  const [before, eventsBefore, begin] = [readAll(), stateTimes.count, performance.now()];
  await bench.step('Watching', () => delay(seconds * SECOND));
  const measuredSeconds = (performance.now() - begin) / SECOND;
  const cpu = cpuPer(measuredSeconds * MICROSECONDS_PER_PERCENT_SECOND, before, readAll());
  const events = (stateTimes.count - eventsBefore) / measuredSeconds;
  const frames = await chowda.watchers.frames();

  const latencies = stateTimes.until(frames);
  const row = (what: string, seen: readonly SeenFrame[], times: readonly number[]) => [
    what,
    seen.reduce((sum, { arrivals }) => sum + arrivals.length, 0) / measuredSeconds,
    times.length,
    ...[50, 95, 99].map((percent) => percentile(times, percent)),
  ];
  return {
    tables: [
      {
        title: `Milliseconds after the worker, ${Math.round(events)} events/s in ${batches} batches for ${seconds} s`,
        columns: ['until', 'messages/s', 'updates', 'p50', 'p95', 'p99'],
        rows: [
          row('published by the recorder', recorded, stateTimes.until(recorded)),
          row(`received by one of ${clients} browsers`, frames, latencies),
        ],
      },
      {
        title: 'CPU meanwhile, in percent of a core',
        columns: Object.keys(cpu),
        rows: [Object.values(cpu)],
      },
    ],
    targets: [
      {
        what: `live: worker to browser, p95 with ${clients} browsers at ${Math.round(events)} events/s`,
        figure: percentile(latencies, 95),
        unit: 'ms',
        limit: 500,
        side: 'at most',
      },
      {
        what: 'live: events/s during the measurement',
        figure: events,
        unit: 'events/s',
        limit: EVENTS_PER_SECOND * 0.9,
        side: 'at least',
      },
    ],
    notes: [
      'One browser in ten watches the list of batches, the others watch one batch each, all through the gateway.',
      'An update is a change of a cell received by one browser; a state that is replaced before it is sent does not count.',
      'The recorder publishes the changes of each batch at most four times per second.',
    ],
  };
}

/** Starts batches that last longer than the measurement; the browsers watch them. */
async function startBatches(bench: Workbench, chowda: Chowda, count: number, seconds: number): Promise<void> {
  const runs = ((seconds * SECOND + 3 * SETTLING_MS) / SECOND) * (EVENTS_PER_SECOND / 2 / SLOW_MS.length);
  const drafts: BatchView[] = [];
  for (let batch = 0; batch < count; batch += 1) drafts.push(await createBatch(chowda, Math.ceil(runs / count)));
  await chowda.watchers.watch(drafts.map(({ id }) => id));
  await bench.step('Starting the batches', () => Promise.all(drafts.map((draft) => startBatch(chowda, draft))));
}

const cpuOfBrowsers = ({ watchers }: Chowda): CpuTimes =>
  readCpu(Object.fromEntries(watchers.pids.map((pid, index) => [`browsers ${index + 1}`, pid])));
