import { batchSchema } from '#libs/contracts';
import { createBatch, startBatch, untilFinished } from '../chowda/batches.js';
import { type Chowda, startChowda } from '../chowda/chowda.js';
import { followHeartbeats } from '../chowda/heartbeats.js';
import { viewOf } from '../chowda/no-op-app.js';
import { type Growth, watchGrowth } from '../measure/growth.js';
import type { PartReport } from '../report/part-report.js';
import type { Workbench } from '../workbench/workbench.js';

const MEBIBYTE = 1024 ** 2;
const SIZES = { full: 50 * MEBIBYTE, quick: 4 * MEBIBYTE };
/** Short, so that heartbeats are due every 2 s. */
const ACK_WAIT_SECONDS = 6;
const SECOND = 1000;
const NOT_CHOWDA = 'apps';

/** The effect of a very large document on the memory of each process and on the heartbeats of the worker. */
export async function large(bench: Workbench): Promise<PartReport> {
  const bytes = bench.quick ? SIZES.quick : SIZES.full;
  const chowda = await startChowda(bench, {
    name: 'chowda',
    apps: [annotationsFor(bytes), 1, 1].map((annotations, index) => ({
      name: `bench-${index + 1}`,
      annotations,
      slowMs: 0,
    })),
    concurrency: 1,
    worker: 'http',
    ackWait: ACK_WAIT_SECONDS,
  });
  const heartbeats = followHeartbeats(chowda.link);
  const growthSoFar = watchGrowth(chowda.pids);
  const seconds = await oneRun(bench, chowda);
  const growth = growthSoFar();
  const { count, longestSilence, redelivered } = heartbeats();
  const own = growth.filter(({ name }) => name !== NOT_CHOWDA);
  const worst = own.reduce((most, each) => (growthOf(each) > growthOf(most) ? each : most));
  const size = `${Math.round(bytes / MEBIBYTE)} MiB`;
  return {
    tables: [
      {
        title: `Resident memory in MiB while a document of ${size} passes three stages (${seconds.toFixed(1)} s)`,
        columns: ['process', 'before', 'peak', 'growth'],
        rows: growth.map((each) => [each.name, each.before, each.peak, each.peak - each.before].map(inMebibytes)),
      },
    ],
    targets: [
      {
        what: `large: growth of the process that grows most (${worst.name}) with a document of ${size}`,
        figure: growthOf(worst) / MEBIBYTE,
        unit: 'MiB',
        limit: 400,
        side: 'at most',
      },
      {
        what: 'large: longest time without a heartbeat of the worker (a longer time causes a redelivery)',
        figure: longestSilence / SECOND,
        unit: 's',
        limit: ACK_WAIT_SECONDS,
        side: 'at most',
      },
    ],
    notes: [
      `The worker sent ${count} heartbeats; ${redelivered} messages were delivered more than once.`,
      'The process "apps" runs the apps, which are not part of Chowda. For Postgres, the process that grew most counts.',
    ],
  };
}

const growthOf = ({ before, peak }: Growth): number => peak - before;
const inMebibytes = (cell: string | number) => (typeof cell === 'number' ? Math.round(cell / MEBIBYTE) : cell);

/** Number of annotations in a view of `bytes` bytes. */
function annotationsFor(bytes: number): number {
  const sample = 10_000;
  const each = viewOf({ name: 'bench-1', annotations: sample, slowMs: 0 }).byteLength / sample;
  return Math.ceil(bytes / each);
}

/** Duration of one run in seconds. */
async function oneRun(bench: Workbench, chowda: Chowda): Promise<number> {
  const batch = await createBatch(chowda, 1);
  const finished = untilFinished(chowda.link, batch);
  await startBatch(chowda, batch);
  await bench.step('One run with a large document', () => finished);
  const { startedAt, finishedAt } = await chowda.api.get(`/api/batches/${batch.id}`, batchSchema);
  return (Date.parse(finishedAt!) - Date.parse(startedAt!)) / SECOND;
}
