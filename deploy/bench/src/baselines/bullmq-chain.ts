import pg from 'pg';
import type { BatchCost } from '../chowda/batches.js';
import { startAppServer } from '../chowda/app-server.js';
import type { NoOpApp } from '../chowda/no-op-app.js';
import { startDatabase } from '../chowda/servers.js';
import { cpuPer, readCpu } from '../measure/cpu-meter.js';
import { startChild } from '../workbench/child.js';
import { processScript } from '../workbench/scripts.js';
import type { System } from '../workbench/system.js';
import type { Workbench } from '../workbench/workbench.js';
import { addBareBatch, type BareBatch } from './bare-rows.js';
import { startRedis } from './redis.js';

const SECOND = 1000;
/** Files of a batch whose last stage is stored as done. */
const DONE_FILES = `
  select count(*)::int as done from stage_runs s join runs r on r.id = s.run_id
  where r.batch_id = $1 and s.index = $2 and s.state = 'done'`;

/** What a chain does for each stage beside its call: write the status only, or the duties of Chowda as well. */
export type BullmqWork = 'status' | 'duties';

/** Settings of a chain. */
export interface BullmqPlan {
  /** Path of redis-server. */
  readonly redis: string;
  readonly apps: readonly NoOpApp[];
  /** Documents that each app processes at once. */
  readonly concurrency: number;
  /** Milliseconds until BullMQ repeats the jobs of a worker that ended; default: BullMQ's setting. */
  readonly stalledMs?: number;
}

/** The same HTTP calls through BullMQ. */
export interface BullmqChain extends System {
  /** Takes `files` files through all stages; returns the cost. */
  measure(files: number): Promise<BatchCost>;
}

export const BULLMQ_NAMES: Readonly<Record<BullmqWork, string>> = {
  status: 'BullMQ, status only',
  duties: 'BullMQ, with the duties',
};

/**
 * Starts the peer: one queue and one worker per app in one process, the document in the job, the status of each stage
 * written in batches to Chowda's table in Postgres. With the duties, it also checks each answer and writes its document
 * with the status before the next stage starts.
 */
export async function startBullmqChain(bench: Workbench, work: BullmqWork, plan: BullmqPlan): Promise<BullmqChain> {
  const database = await startDatabase(bench, `bullmq-${work}`);
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  bench.defer(() => client.end());
  const redis = await startRedis(bench, { name: `bullmq-${work}`, program: plan.redis });
  const apps = await startAppServer(bench, plan.apps);
  const environment = {
    REDIS_PORT: String(redis.port),
    DATABASE_URL: database.url,
    APP_URLS: apps.urls.join(','),
    CONCURRENCY: String(plan.concurrency),
    WORK: work,
    ...(plan.stalledMs === undefined ? {} : { STALLED_MS: String(plan.stalledMs) }),
  };
  const startWorker = () =>
    startChild(bench, { name: 'bullmq-worker', script: processScript('bullmq-worker'), environment });
  let worker = await startWorker();
  const run = (batch: BareBatch) => worker.ask<void>(batch);
  return {
    name: BULLMQ_NAMES[work],
    apps,
    prepare: async (files) => {
      const batch = await addBareBatch(database.url, files);
      const doneFiles = async () => {
        const values = [batch.batch, plan.apps.length - 1];
        return (await client.query<{ done: number }>(DONE_FILES, values)).rows[0]!.done;
      };
      return { run: () => run(batch), doneFiles, isFinished: async () => (await doneFiles()) === files };
    },
    replaceWorker: async () => {
      worker.kill();
      await worker.exited;
      worker = await startWorker();
    },
    measure: async (files) => {
      const batch = await addBareBatch(database.url, files);
      const stages = files * plan.apps.length;
      const pids = { redis: redis.pid, postgres: database.pid, worker: worker.pid, apps: apps.pid };
      const before = readCpu(pids);
      const begin = Date.now();
      await bench.step('BullMQ', () => run(batch));
      const seconds = (Date.now() - begin) / SECOND;
      return { stages, seconds, cpu: cpuPer(stages, before, readCpu(pids)) };
    },
  };
}
