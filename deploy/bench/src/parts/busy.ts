import { setTimeout as delay } from 'node:timers/promises';
import { smallDocumentApps } from '../chowda/no-op-app.js';
import { type AppRow, workingShares } from '../measure/app-calls.js';
import { median } from '../measure/statistics.js';
import type { PartReport } from '../report/part-report.js';
import type { System } from '../workbench/system.js';
import type { Workbench } from '../workbench/workbench.js';
import { rangeOf, rowsOf, sideBySide } from './side-by-side.js';

const SLOTS = 32;
const PAUSE_MS = 500;

/** Apps of one duration; `files` are enough for 6 calls of each slot and more. */
interface Duration {
  readonly workMs: number;
  readonly files: { readonly full: number; readonly quick: number };
  /** Least share of the time in which the slots must work, in %. */
  readonly limit: number;
}

const DURATIONS: readonly Duration[] = [
  { workMs: 50, files: { full: 5000, quick: 640 }, limit: 80 },
  { workMs: 200, files: { full: 1600, quick: 320 }, limit: 95 },
  { workMs: 1000, files: { full: 640, quick: 192 }, limit: 98 },
];
const REPETITIONS = { full: 3, quick: 1 };

/** The share of the time in which the slots of three apps in a row work. */
export async function busy(bench: Workbench): Promise<PartReport> {
  const reports: PartReport[] = [];
  for (const duration of DURATIONS) {
    reports.push(await bench.within(`${duration.workMs}`, (section) => ofDuration(section, duration)));
  }
  return {
    tables: [
      {
        title: `Share of the time in % in which the ${SLOTS} slots of each of three apps in a row work`,
        columns: ['app', 'system', 'reps', 'all apps', 'min-max', 'first', 'second', 'third'],
        rows: reports.flatMap(({ tables }) => tables.flatMap(({ rows }) => rows)),
      },
    ],
    targets: reports.flatMap(({ targets }) => targets),
    notes: [
      'Measured by the apps, from the first call of the third app to the last call of the first app.',
      'BullMQ keeps a slot until the document of the stage is committed.',
      ...new Set(reports.flatMap(({ notes }) => notes)),
    ],
  };
}

async function ofDuration(bench: Workbench, { workMs, files, limit }: Duration): Promise<PartReport> {
  const size = bench.quick ? 'quick' : 'full';
  const apps = smallDocumentApps(workMs);
  const measured = await sideBySide(bench, {
    apps,
    concurrency: SLOTS,
    repetitions: REPETITIONS[size],
    warmUpFiles: bench.quick ? 2 * SLOTS : files.full / 5,
    measure: (system) => sharesOf(bench, system, files[size], { apps: apps.length, slots: SLOTS, workMs }),
  });
  const { own, peer, missing } = measured;
  const share = median(own.map(mean));
  return {
    tables: [{ title: '', columns: [], rows: rowsOf(measured, columnsOf).map((row) => [`${workMs} ms`, ...row]) }],
    targets: [
      { what: `busy: slots working, apps of ${workMs} ms`, figure: share, unit: '%', limit, side: 'at least' },
      {
        what: `busy: slots working compared with BullMQ with the duties, apps of ${workMs} ms`,
        figure: peer && (100 * share) / median(peer.map(mean)),
        unit: '%',
        limit: 100,
        side: 'at least',
        ...(missing === undefined ? {} : { reason: missing }),
      },
    ],
    notes: [measured.note],
  };
}

/** The share in % of each app. */
async function sharesOf(bench: Workbench, system: System, files: number, row: AppRow): Promise<number[]> {
  const batch = await system.prepare(files);
  await system.apps.record();
  await bench.step(`${system.name}, apps of ${row.workMs} ms`, () => batch.run());
  const shares = workingShares(await system.apps.calls(), row);
  await delay(PAUSE_MS);
  return shares.map((share) => 100 * share);
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function columnsOf(all: readonly (readonly number[])[]): (string | number)[] {
  const shares = all.map(mean);
  const apps = [0, 1, 2].map((index) => median(all.map((each) => each[index]!)));
  return [median(shares), rangeOf(shares), ...apps];
}
