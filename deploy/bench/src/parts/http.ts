import { BULLMQ_NAMES } from '../baselines/bullmq-chain.js';
import { startBullmqPeers } from '../baselines/bullmq-peers.js';
import { type BatchCost, runBatch } from '../chowda/batches.js';
import { startChowda } from '../chowda/chowda.js';
import { smallDocumentApps } from '../chowda/no-op-app.js';
import { untilSteady } from '../chowda/steady-worker.js';
import { totalCpu } from '../measure/cpu-meter.js';
import { interleaved, median } from '../measure/statistics.js';
import { costTable } from '../report/cost-table.js';
import type { PartReport } from '../report/part-report.js';
import type { Workbench } from '../workbench/workbench.js';

const SIZES = { full: { files: 1000, repetitions: 5 }, quick: { files: 60, repetitions: 1 } };
const PLATFORM = 'Chowda';

/** Documents that each app processes at once, and the limit of the platform's CPU time per stage in µs. */
const LOADS = [
  { concurrency: 32, limit: 560 },
  { concurrency: 128, limit: 450 },
];

/** The cost of a stage whose app is a web service, compared with the same work in BullMQ. */
export async function http(bench: Workbench): Promise<PartReport> {
  const reports: PartReport[] = [];
  for (const load of LOADS) {
    reports.push(await bench.within(`${load.concurrency}`, (section) => underLoad(section, load)));
  }
  return {
    tables: reports.flatMap(({ tables }) => tables),
    targets: reports.flatMap(({ targets }) => targets),
    notes: [
      'Chowda and each BullMQ chain call separate but equal app processes.',
      `"${BULLMQ_NAMES.status}" is for information: it stores no documents and checks no answers.`,
      'The other BullMQ chain has the duties of Chowda in the leanest form: see baselines.md.',
      ...new Set(reports.flatMap(({ notes }) => notes)),
    ],
  };
}

async function underLoad(bench: Workbench, { concurrency, limit }: (typeof LOADS)[number]): Promise<PartReport> {
  const { files, repetitions } = bench.quick ? SIZES.quick : SIZES.full;
  const apps = smallDocumentApps();
  const chowda = await startChowda(bench, { name: 'chowda', apps, concurrency, worker: 'http' });
  const { chains, note, missing } = await startBullmqPeers(bench, ['status', 'duties'], { apps, concurrency });
  const variants = [
    { name: PLATFORM, run: () => runBatch(bench, chowda, files, PLATFORM) },
    ...chains.map((chain) => ({ name: chain.name, run: () => chain.measure(files) })),
  ];
  const peers = variants.slice(1).map(({ run }) => run);
  await untilSteady(bench, chowda, files, peers);

  const costs = new Map<string, BatchCost[]>(variants.map(({ name }) => [name, []]));
  for (const round of interleaved(variants, repetitions)) {
    for (const { name, run } of round) costs.get(name)!.push(await run());
  }
  const rateOf = (name: string) => median(costs.get(name)!.map(({ stages, seconds }) => stages / seconds));
  const title = `One stage through an HTTP app, 2 KB documents, concurrency ${concurrency} (${files} runs of 3 stages)`;
  return {
    tables: [costTable(title, costs, PLATFORM)],
    targets: [
      {
        what: `http: cost per stage at concurrency ${concurrency}, all processes without the app`,
        figure: median(costs.get(PLATFORM)!.map(platformCpu)),
        unit: 'µs CPU',
        limit,
        side: 'at most',
      },
      {
        what: `http: stages/s at concurrency ${concurrency}, as a share of ${BULLMQ_NAMES.duties}`,
        figure: missing === undefined ? (100 * rateOf(PLATFORM)) / rateOf(BULLMQ_NAMES.duties) : null,
        unit: '%',
        limit: 100,
        side: 'at least',
        ...(missing === undefined ? {} : { reason: missing }),
      },
    ],
    notes: [note],
  };
}

const platformCpu = ({ cpu }: BatchCost): number => totalCpu(cpu) - (cpu['apps'] ?? 0);
