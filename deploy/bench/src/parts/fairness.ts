import { setTimeout as delay } from 'node:timers/promises';
import { batchSchema } from '#libs/contracts';
import { createBatch, startBatch, untilFinished } from '../chowda/batches.js';
import { type Chowda, startChowda } from '../chowda/chowda.js';
import { smallDocumentApps } from '../chowda/no-op-app.js';
import { median } from '../measure/statistics.js';
import type { PartReport } from '../report/part-report.js';
import type { Workbench } from '../workbench/workbench.js';

const SIZES = { full: { huge: 100_000, repetitions: 9 }, quick: { huge: 1000, repetitions: 2 } };
const FEW = 3;
const STAGE_MS = 100;
const CONCURRENCY = 8;
/** Time for which the huge batch runs alone. */
const HEAD_START_MS = 3000;
/** Not a multiple of STAGE_MS, so that small batches start at different moments of the huge batch's stages. */
const PAUSE_MS = 370;

/** The waiting time of a small batch behind an earlier huge one. */
export async function fairness(bench: Workbench): Promise<PartReport> {
  const { huge, repetitions } = bench.quick ? SIZES.quick : SIZES.full;
  const apps = smallDocumentApps(STAGE_MS);
  const chowda = await startChowda(bench, { name: 'chowda', apps, concurrency: CONCURRENCY, worker: 'no-op' });
  await smallBatch(bench, chowda);
  const alone = await smallBatches(bench, chowda, repetitions);
  const large = await bench.step('Creating the huge batch', () => createBatch(chowda, huge));
  await startBatch(chowda, large);
  await bench.step('A head start for the huge batch', () => delay(HEAD_START_MS));
  const behind = await smallBatches(bench, chowda, repetitions);
  const { summary } = await chowda.api.get(`/api/batches/${large.id}`, batchSchema);
  if (summary.runs.waiting === 0)
    throw new Error('The huge batch finished too early: no run was waiting during the measurement.');

  const limit = 2 * median(alone) + STAGE_MS;
  const row = (what: string, values: readonly number[]) => [
    what,
    values.length,
    median(values),
    Math.min(...values),
    Math.max(...values),
  ];
  return {
    tables: [
      {
        title: `Milliseconds from the start of a batch of ${FEW} files to its end (3 stages of ${STAGE_MS} ms)`,
        columns: ['situation', 'reps', 'median', 'min', 'max'],
        rows: [row('on an idle system', alone), row(`behind a batch of ${huge} runs`, behind)],
      },
    ],
    targets: [
      {
        what: `fairness: ${FEW} files behind ${huge} runs, median`,
        figure: median(behind),
        unit: 'ms',
        limit: Math.round(limit),
        side: 'at most',
      },
    ],
    notes: [
      `The limit is twice the median on the idle system plus one stage of ${STAGE_MS} ms.`,
      `Each app processes ${CONCURRENCY} documents at once. The huge batch finished ${summary.runs.done} runs meanwhile.`,
    ],
  };
}

async function smallBatches(bench: Workbench, chowda: Chowda, repetitions: number): Promise<number[]> {
  const times: number[] = [];
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    times.push(await smallBatch(bench, chowda));
    await delay(PAUSE_MS);
  }
  return times;
}

/** Duration of a small batch in ms, by the clock of the database. */
async function smallBatch(bench: Workbench, chowda: Chowda): Promise<number> {
  const batch = await createBatch(chowda, FEW);
  const finished = untilFinished(chowda.link, batch);
  await startBatch(chowda, batch);
  await bench.step('A small batch', () => finished);
  const { startedAt, finishedAt } = await chowda.api.get(`/api/batches/${batch.id}`, batchSchema);
  return Date.parse(finishedAt!) - Date.parse(startedAt!);
}
