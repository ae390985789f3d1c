import { startBareChain } from '../baselines/bare-chain.js';
import { type BatchCost, runBatch } from '../chowda/batches.js';
import { startChowda } from '../chowda/chowda.js';
import { smallDocumentApps } from '../chowda/no-op-app.js';
import { untilSteady } from '../chowda/steady-worker.js';
import { totalCpu } from '../measure/cpu-meter.js';
import { interleaved, median } from '../measure/statistics.js';
import { costTable } from '../report/cost-table.js';
import type { PartReport } from '../report/part-report.js';
import type { Workbench } from '../workbench/workbench.js';

const SIZES = { full: { files: 2000, repetitions: 5 }, quick: { files: 100, repetitions: 1 } };
const CONCURRENCY = 128;

const [PLATFORM, BARE, LEANEST] = [
  'Chowda, all features',
  'bare: same messages and rows',
  'leanest: stage messages only',
];

/** The cost of a stage whose app costs nothing. */
export async function chain(bench: Workbench): Promise<PartReport> {
  const { files, repetitions } = bench.quick ? SIZES.quick : SIZES.full;
  const apps = smallDocumentApps();
  const chowda = await startChowda(bench, { name: 'chowda', apps, concurrency: CONCURRENCY, worker: 'no-op' });
  const bare = await startBareChain(bench, apps);
  const variants = [
    { name: PLATFORM, run: () => runBatch(bench, chowda, files, 'Chowda') },
    { name: BARE, run: () => bench.step('Bare chain', () => bare.run(files, 'same')) },
    { name: LEANEST, run: () => bench.step('Leanest chain', () => bare.run(files, 'leanest')) },
  ] as const;
  for (const { run } of variants.slice(1)) await run();
  await untilSteady(bench, chowda, files);

  const costs = new Map<string, BatchCost[]>(variants.map(({ name }) => [name, []]));
  for (const round of interleaved(variants, repetitions)) {
    for (const { name, run } of round) costs.get(name)!.push(await run());
  }
  const cpuOf = (name: string) => median(costs.get(name)!.map(({ cpu }) => totalCpu(cpu)));
  const rateOf = (name: string) => median(costs.get(name)!.map(({ stages, seconds }) => stages / seconds));
  return {
    tables: [costTable(`One stage, in-process app, 2 KB documents (${files} runs of 3 stages)`, costs, PLATFORM)],
    targets: [
      {
        what: 'chain: platform cost per stage, all processes',
        figure: cpuOf(PLATFORM),
        unit: 'µs CPU',
        limit: 460,
        side: 'at most',
      },
      {
        what: 'chain: share of a bare chain, by CPU',
        figure: (100 * cpuOf(BARE)) / cpuOf(PLATFORM),
        unit: '%',
        limit: 78,
        side: 'at least',
      },
    ],
    notes: [
      `Share of the bare chain by stages/s: ${Math.round((100 * rateOf(PLATFORM)) / rateOf(BARE))} %.`,
      'Ten browsers watch the batches of Chowda through the gateway; the app is a function in the worker.',
      'The bare chain sends the same messages and upserts the same rows in the same tables, without checks.',
    ],
  };
}
