import { type BatchCost, runBatch } from '../chowda/batches.js';
import { type Chowda, startChowda } from '../chowda/chowda.js';
import { addFinishedStages } from '../chowda/finished-rows.js';
import { smallDocumentApps } from '../chowda/no-op-app.js';
import { untilSteady } from '../chowda/steady-worker.js';
import { totalCpu } from '../measure/cpu-meter.js';
import { interleaved, median } from '../measure/statistics.js';
import { costTable } from '../report/cost-table.js';
import type { PartReport } from '../report/part-report.js';
import type { Workbench } from '../workbench/workbench.js';

const SIZES = {
  full: { levels: [1000, 10_000, 100_000, 1_000_000], files: 1000, repetitions: 3 },
  quick: { levels: [300, 3000], files: 60, repetitions: 1 },
};
const CONCURRENCY = 128;

interface Level {
  readonly name: string;
  readonly chowda: Chowda;
}

/** The cost of a stage as a function of the stages in the tables. */
export async function growth(bench: Workbench): Promise<PartReport> {
  const { levels: rows, files, repetitions } = bench.quick ? SIZES.quick : SIZES.full;
  const levels: Level[] = [];
  for (const [index, count] of rows.entries()) {
    const name = `${count.toLocaleString('en-US')} stage rows`;
    const apps = smallDocumentApps();
    const plan = { name: `chowda-${index}`, apps, concurrency: CONCURRENCY, worker: 'no-op' } as const;
    const chowda = await startChowda(bench, plan);
    await bench.step(`Writing ${name}`, () => addFinishedStages(chowda, count));
    levels.push({ name, chowda });
  }
  for (const { chowda } of levels) await untilSteady(bench, chowda, files);

  const costs = new Map<string, BatchCost[]>(levels.map(({ name }) => [name, []]));
  for (const round of interleaved(levels, repetitions)) {
    for (const { name, chowda } of round) costs.get(name)!.push(await runBatch(bench, chowda, files, name));
  }
  const reference = levels.at(bench.quick ? 0 : 1)!.name;
  const largest = levels.at(-1)!.name;
  const cpuOf = (name: string) => median(costs.get(name)!.map(({ cpu }) => totalCpu(cpu)));
  return {
    tables: [costTable(`One stage, by the number of stage rows (${files} runs of 3 stages)`, costs, reference)],
    targets: [
      {
        what: `growth: CPU per stage at ${largest}, as a multiple of that at ${reference}`,
        figure: cpuOf(largest) / cpuOf(reference),
        unit: 'times',
        limit: 1.3,
        side: 'at most',
      },
    ],
    notes: [
      'Every level has its own servers and services; the rows are runs, stage runs and documents of finished batches.',
      'Streams are empty at the begin of every level: age and size limit their content, not the number of stages.',
    ],
  };
}
