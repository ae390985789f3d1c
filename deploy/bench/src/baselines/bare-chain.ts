import { appSlug } from '#libs/contracts';
import { NatsLink, provision, provisionApp } from '#libs/messaging';
import { createLogger } from '#libs/runtime';
import type { NoOpApp } from '../chowda/no-op-app.js';
import { startBroker, startDatabase } from '../chowda/servers.js';
import type { BatchCost } from '../chowda/batches.js';
import { cpuPer, readCpu } from '../measure/cpu-meter.js';
import { startChild } from '../workbench/child.js';
import { processScript } from '../workbench/scripts.js';
import type { Workbench } from '../workbench/workbench.js';
import { addBareBatch } from './bare-rows.js';
import type { BareChainQuestion, BareRecordQuestion } from './bare-run.js';

const SECOND = 1000;
const ACK_WAIT_SECONDS = 60;
const MAX_ACK_PENDING = 1000;

/** A chain of stages without a platform. */
export interface BareChain {
  /** Takes `files` files through all stages; returns the cost. */
  run(files: number, messages: BareChainQuestion['messages']): Promise<BatchCost>;
}

/**
 * Starts the baseline: the same streams, consumers and tables on its own servers, a worker that sends the messages without
 * checks, and a recorder that upserts the rows in batches without checks.
 */
export async function startBareChain(bench: Workbench, apps: readonly NoOpApp[]): Promise<BareChain> {
  const database = await startDatabase(bench, 'bare');
  const broker = await startBroker(bench, 'bare');
  const link = await NatsLink.connect(broker.url, 'bench', createLogger('bench', 'silent'));
  bench.defer(() => link.close());
  await provision(link.connection, 'bench');
  for (const { name } of apps) {
    const settings = { concurrency: MAX_ACK_PENDING, ackWait: ACK_WAIT_SECONDS };
    await provisionApp(link.connection, appSlug(name, 'v1'), settings);
  }
  const environment = { NATS_URL: broker.url, DATABASE_URL: database.url, NO_OP_APPS: JSON.stringify(apps) };
  const start = (name: string) => startChild(bench, { name, script: processScript(name), environment });
  const [worker, recorder] = [await start('bare-worker'), await start('bare-recorder')];
  const pids = { 'nats-server': broker.pid, postgres: database.pid, worker: worker.pid, recorder: recorder.pid };
  return {
    run: async (files, messages) => {
      const { batch, runs } = await addBareBatch(database.url, files);
      const stages = files * apps.length;
      const before = readCpu(pids);
      const begin = Date.now();
      const recorded =
        messages === 'same' ? recorder.ask<void>({ stages } satisfies BareRecordQuestion) : Promise.resolve();
      await Promise.all([worker.ask<void>({ batch, runs, messages } satisfies BareChainQuestion), recorded]);
      const seconds = (Date.now() - begin) / SECOND;
      return { stages, seconds, cpu: cpuPer(stages, before, readCpu(pids)) };
    },
  };
}
