import { until } from '#deploy/local';
import { smallDocumentApps } from '../chowda/no-op-app.js';
import { repeatedCalls } from '../measure/app-calls.js';
import { median } from '../measure/statistics.js';
import type { PartReport } from '../report/part-report.js';
import type { System } from '../workbench/system.js';
import type { Workbench } from '../workbench/workbench.js';
import { rangeOf, rowsOf, sideBySide } from './side-by-side.js';

const SIZES = { full: { files: 300, repetitions: 3 }, quick: { files: 60, repetitions: 1 } };
/** Instead of the default of each system, for small sizes only. */
const QUICK_REPEAT_SECONDS = 3;
const CONCURRENCY = 32;
const WORK_MS = 50;
const STAGES = 3;
const SECOND = 1000;
/** A file that is not done after this time counts as lost. */
const LOST_AFTER_MS = 180 * SECOND;

/** What happened after the worker was killed. */
interface Aftermath {
  /** Until all files were done; the time limit if some were lost. */
  readonly seconds: number;
  readonly callsBefore: number;
  readonly repeated: number;
  readonly lost: number;
}

/** The worker is killed in the middle of a batch and restarted. */
export async function kill(bench: Workbench): Promise<PartReport> {
  const { files, repetitions } = bench.quick ? SIZES.quick : SIZES.full;
  const measured = await sideBySide(bench, {
    repetitions,
    apps: smallDocumentApps(WORK_MS),
    concurrency: CONCURRENCY,
    warmUpFiles: CONCURRENCY,
    ...(bench.quick && { repeatAfterSeconds: QUICK_REPEAT_SECONDS }),
    measure: (system) => killOnce(bench, system, files),
  });
  const { own, note } = measured;
  const slots = STAGES * CONCURRENCY;
  const worst = (key: keyof Aftermath) => Math.max(...own.map((each) => each[key]));
  return {
    tables: [
      {
        title: `The worker is killed when half of the calls of ${files} files are made, apps of ${WORK_MS} ms`,
        columns: ['system', 'reps', 's until all done', 'min-max', 'calls before', 'repeated', 'lost files'],
        rows: rowsOf(measured, columnsOf),
      },
    ],
    targets: [
      {
        what: 'kill: from the kill of the worker until all files are done, median',
        figure: median(own.map(({ seconds }) => seconds)),
        unit: 's',
        limit: 20,
        side: 'at most',
      },
      { what: 'kill: lost files, worst run', figure: worst('lost'), unit: 'files', limit: 0, side: 'at most' },
      {
        what: `kill: repeated calls, worst run (${slots} were in progress at most)`,
        figure: worst('repeated'),
        unit: 'calls',
        limit: slots,
        side: 'at most',
      },
    ],
    notes: [
      bench.quick
        ? `Stages of the killed worker are repeated after ${QUICK_REPEAT_SECONDS} s.`
        : 'Stages of the killed worker are repeated according to the default settings of each system.',
      'A new worker starts at once.',
      note,
    ],
  };
}

const columnsOf = (all: readonly Aftermath[]): (number | string)[] => {
  const of = (key: keyof Aftermath) => all.map((each) => each[key]);
  const seconds = of('seconds');
  return [
    median(seconds),
    rangeOf(seconds),
    median(of('callsBefore')),
    median(of('repeated')),
    Math.max(...of('lost')),
  ];
};

async function killOnce(bench: Workbench, system: System, files: number): Promise<Aftermath> {
  const { name, apps } = system;
  const batch = await system.prepare(files);
  await apps.record();
  const half = (files * STAGES) / 2;
  // The worker that answers this request is killed; files that are stored as done decide.
  batch.run().catch(() => undefined);
  const callsBefore = await bench.step(`${name} before the kill`, () =>
    until('Half of the calls', LOST_AFTER_MS, async () => {
      const { length } = await apps.calls();
      return length >= half && length;
    }),
  );
  const killed = performance.now();
  await system.replaceWorker();
  const done = until('The end of the batch', LOST_AFTER_MS, () => batch.isFinished()).catch(() => undefined);
  await bench.step(`${name} after the kill`, () => done);
  const seconds = (performance.now() - killed) / SECOND;
  const calls = await apps.calls();
  return { seconds, callsBefore, repeated: repeatedCalls(calls), lost: files - (await batch.doneFiles()) };
}
