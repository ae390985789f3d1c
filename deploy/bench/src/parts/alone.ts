import { setTimeout as delay } from 'node:timers/promises';
import { smallDocumentApps } from '../chowda/no-op-app.js';
import { firstBegin, lastAnswer } from '../measure/app-calls.js';
import { median, percentile } from '../measure/statistics.js';
import type { PartReport } from '../report/part-report.js';
import type { ReadyBatch, System } from '../workbench/system.js';
import type { Workbench } from '../workbench/workbench.js';
import { rowsOf, sideBySide } from './side-by-side.js';

const SIZES = { full: { repetitions: 25, warmUpFiles: 300 }, quick: { repetitions: 3, warmUpFiles: 20 } };
const CONCURRENCY = 32;
/** Pause before each file, until the system is idle. */
const IDLE_MS = 500;
const POLL_MS = 2;
const STAGES = 3;
const SECOND = 1000;
const LIMIT_MS = 60 * SECOND;

/** Times of one file in ms. */
interface Times {
  /** From sending the start to the first call. */
  readonly firstCall: number;
  /** From sending the start to the last answer. */
  readonly lastAnswer: number;
  /** From the last answer until a request sees the file as finished. */
  readonly finished: number;
  /** From the last answer until the message that the file is finished. */
  readonly reported: number;
}

/** One file through an idle system until it is seen as finished. */
export async function alone(bench: Workbench): Promise<PartReport> {
  const measured = await sideBySide(bench, {
    ...(bench.quick ? SIZES.quick : SIZES.full),
    apps: smallDocumentApps(),
    concurrency: CONCURRENCY,
    measure: (system) => timesOf(bench, system),
  });
  const { own, note } = measured;
  const medianOf = (key: keyof Times) => median(own.map((times) => times[key]));
  return {
    tables: [
      {
        title: 'Milliseconds of one file through three apps on an idle system',
        columns: ['system', 'files', 'first call', 'p95', 'last answer', 'seen as finished', 'p95', 'message'],
        rows: rowsOf(measured, columnsOf),
      },
    ],
    targets: [
      {
        what: 'alone: sending the start to the first call, median',
        figure: medianOf('firstCall'),
        unit: 'ms',
        limit: 30,
        side: 'at most',
      },
      {
        what: 'alone: last answer until the file is seen as finished, median',
        figure: medianOf('finished'),
        unit: 'ms',
        limit: 25,
        side: 'at most',
      },
    ],
    notes: [
      'First call and last answer count from sending the start, the other columns from the last answer.',
      `Requests every ${POLL_MS} ms see the end: for Chowda REST, for BullMQ a query of Postgres.`,
      'The message of Chowda is its live update, of which clients receive at most four a second.',
      'The message of BullMQ is the report of its producer after the commit of the last row.',
      note,
    ],
  };
}

const columnsOf = (all: readonly Times[]): number[] => {
  const of = (key: keyof Times) => all.map((times) => times[key]);
  const firstCall = of('firstCall');
  const finished = of('finished');
  return [
    median(firstCall),
    percentile(firstCall, 95),
    median(of('lastAnswer')),
    median(finished),
    percentile(finished, 95),
    median(of('reported')),
  ];
};

async function timesOf(bench: Workbench, system: System): Promise<Times> {
  const batch = await system.prepare(1);
  await system.apps.record();
  await delay(IDLE_MS);
  const sent = Date.now();
  const reported = bench.step(`One file, ${system.name}`, () => batch.run()).then(() => Date.now());
  const [seen, message] = await Promise.all([seenAt(system, batch), reported]);
  const calls = await system.apps.calls();
  const last = lastAnswer(calls);
  return {
    firstCall: firstBegin(calls) - sent,
    lastAnswer: last - sent,
    finished: seen - last,
    reported: message - last,
  };
}

/** Polls until a request sees that the batch is finished; before the last answer, only the apps are asked. */
async function seenAt({ apps }: System, batch: ReadyBatch): Promise<number> {
  const answers = async () => (await apps.calls()).filter(({ answered }) => answered !== null).length;
  await poll(async () => (await answers()) === STAGES);
  await poll(() => batch.isFinished());
  return Date.now();
}

async function poll(condition: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + LIMIT_MS;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`The file was not finished within ${LIMIT_MS / SECOND} s.`);
    await delay(POLL_MS);
  }
}
