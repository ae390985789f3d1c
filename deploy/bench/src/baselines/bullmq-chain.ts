import type { BatchCost } from '../chowda/batches.js';
import type { AppServer } from '../chowda/app-server.js';
import { startDatabase } from '../chowda/servers.js';
import { cpuPer, readCpu } from '../measure/cpu-meter.js';
import { startChild } from '../workbench/child.js';
import { processScript } from '../workbench/scripts.js';
import type { Workbench } from '../workbench/workbench.js';
import type { BareRun } from './bare-run.js';
import { addBareBatch } from './bare-rows.js';
import { startRedis } from './redis.js';

const SECOND = 1000;

/** Request to the process of the BullMQ chain: take these runs through all stages and write their status. */
export interface BullmqQuestion {
  readonly batch: number;
  readonly runs: readonly BareRun[];
}

/** The same HTTP calls through BullMQ. */
export interface BullmqChain {
  run(files: number): Promise<BatchCost>;
}

/**
 * Starts the peer: one queue and one worker per app in one process, the document in the job, the status of each stage
 * written in batches to Chowda's table in Postgres.
 */
export async function startBullmqChain(
  bench: Workbench,
  { redis: program, apps, concurrency }: { redis: string; apps: AppServer; concurrency: number },
): Promise<BullmqChain> {
  const database = await startDatabase(bench, 'bullmq');
  const redis = await startRedis(bench, program);
  const environment = {
    REDIS_PORT: String(redis.port),
    DATABASE_URL: database.url,
    APP_URLS: apps.urls.join(','),
    CONCURRENCY: String(concurrency),
  };
  const script = processScript('bullmq-worker');
  const worker = await startChild(bench, { name: 'bullmq-worker', script, environment });
  const pids = { redis: redis.pid, postgres: database.pid, worker: worker.pid, apps: apps.pid };
  return {
    run: async (files) => {
      const { batch, runs } = await addBareBatch(database.url, files);
      const stages = files * apps.urls.length;
      const before = readCpu(pids);
      const begin = Date.now();
      await bench.step('BullMQ', () => worker.ask<void>({ batch, runs } satisfies BullmqQuestion));
      const seconds = (Date.now() - begin) / SECOND;
      return { stages, seconds, cpu: cpuPer(stages, before, readCpu(pids)) };
    },
  };
}
