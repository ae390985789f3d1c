import { setTimeout as delay } from 'node:timers/promises';
import { type BatchView, decodeBody, type StageEvent, LIVE_FILTER } from '#libs/contracts';
import { createBatch, startBatch } from '../chowda/batches.js';
import { Beginnings, frameOf } from '../chowda/beginnings.js';
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
/** The first app's 256 slots, each taken for about 1.5 s, let 167 runs a second pass: 500 stages and 1,000 events a second. */
const CONCURRENCY = 256;
const SLOW_MS = [1400, 200, 200];
const EVENTS_PER_SECOND = 1000;
const SETTLING_MS = 5000;
const MICROSECONDS_PER_PERCENT_SECOND = 10_000;

/** How long status takes from a worker to a thousand browsers, at a thousand events a second. */
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
  const beginnings = new Beginnings(apps.length);
  chowda.link.connection.subscribe('event.>', {
    callback: (_, message) => beginnings.add(decodeBody(message.data).head as StageEvent),
  });
  const recorded: SeenFrame[] = [];
  chowda.link.connection.subscribe(LIVE_FILTER, {
    callback: (_, message) => recorded.push(frameOf(message.data, Date.now())),
  });
  await startBatches(bench, chowda, batches, seconds);
  await bench.step('Until the load is even', () => delay(bench.quick ? SECOND : SETTLING_MS));

  await chowda.watchers.frames();
  recorded.length = 0;
  const readAll = () => ({ ...chowda.cpu(), ...cpuOfBrowsers(chowda) });
  const [before, eventsBefore, begin] = [readAll(), beginnings.count, performance.now()];
  await bench.step('Watching', () => delay(seconds * SECOND));
  const measuredSeconds = (performance.now() - begin) / SECOND;
  const cpu = cpuPer(measuredSeconds * MICROSECONDS_PER_PERCENT_SECOND, before, readAll());
  const events = (beginnings.count - eventsBefore) / measuredSeconds;
  const frames = await chowda.watchers.frames();

  const latencies = beginnings.until(frames);
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
          row('the recorder tells it', recorded, beginnings.until(recorded)),
          row(`one of ${clients} browsers has it`, frames, latencies),
        ],
      },
      {
        title: 'Meanwhile, CPU in percent of a core',
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
        what: 'live: events a second under which that was measured',
        figure: events,
        unit: 'events/s',
        limit: EVENTS_PER_SECOND * 0.9,
        side: 'at least',
      },
    ],
    notes: [
      'One browser of ten watches the list of batches, the others one batch each, all through the gateway.',
      'An update is a change of a cell that one browser got; a state that is overtaken before it is sent is none.',
      "The recorder tells each batch's changes at most four times a second.",
    ],
  };
}

/** Starts batches that last longer than the measurement, and has the browsers watch them. */
async function startBatches(bench: Workbench, chowda: Chowda, count: number, seconds: number): Promise<void> {
  const runs = ((seconds * SECOND + 3 * SETTLING_MS) / SECOND) * (EVENTS_PER_SECOND / 2 / SLOW_MS.length);
  const drafts: BatchView[] = [];
  for (let batch = 0; batch < count; batch += 1) drafts.push(await createBatch(chowda, Math.ceil(runs / count)));
  await chowda.watchers.watch(drafts.map(({ id }) => id));
  await bench.step('Starting the batches', () => Promise.all(drafts.map((draft) => startBatch(chowda, draft))));
}

const cpuOfBrowsers = ({ watchers }: Chowda): CpuTimes =>
  readCpu(Object.fromEntries(watchers.pids.map((pid, index) => [`browsers ${index + 1}`, pid])));
