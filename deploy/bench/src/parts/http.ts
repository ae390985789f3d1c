import { startBullmqChain } from '../baselines/bullmq-chain.js';
import { obtainRedis, RedisUnavailable, redisVersion } from '../baselines/redis-program.js';
import { startAppServer } from '../chowda/app-server.js';
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
const CONCURRENCY = 32;
const [PLATFORM, PEER] = ['Chowda', 'BullMQ, status in Postgres'];

/** The cost of a stage whose app is a web service, compared with the same work in BullMQ. */
export async function http(bench: Workbench): Promise<PartReport> {
  const { files, repetitions } = bench.quick ? SIZES.quick : SIZES.full;
  const apps = smallDocumentApps();
  const chowda = await startChowda(bench, { name: 'chowda', apps, concurrency: CONCURRENCY, worker: 'http' });
  const variants = [{ name: PLATFORM, run: () => runBatch(bench, chowda, files, 'Chowda') }];
  let missing: string | undefined;
  try {
    const redis = await obtainRedis(bench.run.print);
    const version = await redisVersion(redis);
    const peerApps = await startAppServer(bench, apps);
    const peer = await startBullmqChain(bench, { redis, apps: peerApps, concurrency: CONCURRENCY });
    variants.push({ name: `${PEER} (Redis ${version})`, run: () => peer.run(files) });
  } catch (error) {
    if (!(error instanceof RedisUnavailable)) throw error;
    missing = error.message;
  }
  for (const { run } of variants.slice(1)) await run();
  await untilSteady(bench, chowda, files);

  const costs = new Map<string, BatchCost[]>(variants.map(({ name }) => [name, []]));
  for (const round of interleaved(variants, repetitions)) {
    for (const { name, run } of round) costs.get(name)!.push(await run());
  }
  const rateOf = (all: readonly BatchCost[]) => median(all.map(({ stages, seconds }) => stages / seconds));
  const [own, others] = [...costs.values()];
  const title = `One stage through an HTTP app, 2 KB documents, concurrency ${CONCURRENCY} (${files} runs of 3 stages)`;
  return {
    tables: [costTable(title, costs, PLATFORM)],
    targets: [
      {
        what: 'http: cost per stage through an HTTP app, all processes including the app',
        figure: median(own!.map(({ cpu }) => totalCpu(cpu))),
        unit: 'µs CPU',
        limit: 1100,
        side: 'at most',
      },
      {
        what: 'http: stages/s, as a share of BullMQ',
        figure: others ? (100 * rateOf(own!)) / rateOf(others) : null,
        unit: '%',
        limit: 100,
        side: 'at least',
        ...(missing === undefined ? {} : { reason: missing }),
      },
    ],
    notes: [
      'Chowda and BullMQ call separate but equal app processes.',
      'BullMQ stores no documents and checks no answers; Redis syncs its file once a second, Postgres at every commit.',
    ],
  };
}
