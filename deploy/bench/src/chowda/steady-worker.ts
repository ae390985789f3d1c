import { setTimeout as delay } from 'node:timers/promises';
import { DOUBTFUL_SECONDS } from '#libs/messaging';
import type { Workbench } from '../workbench/workbench.js';
import { runBatch } from './batches.js';
import type { Chowda } from './chowda.js';

const SECOND = 1000;
const ROUNDS = 3;

/**
 * Warms up, alternating with the peers, and waits until the worker is steady: in its first minute it does not know
 * earlier deliveries and asks the broker twice about every stage.
 */
export async function untilSteady(
  bench: Workbench,
  chowda: Chowda,
  files: number,
  peers: readonly (() => Promise<unknown>)[] = [],
): Promise<void> {
  for (let round = 0; round < (bench.quick ? 1 : ROUNDS); round += 1) {
    await runBatch(bench, chowda, files, 'Warming up');
    for (const warmUp of peers) await warmUp();
  }
  if (bench.quick) return;
  const left = chowda.workerStarted + (DOUBTFUL_SECONDS + 2) * SECOND - Date.now();
  await bench.step("Waiting for the worker's first minute to pass", () => delay(Math.max(0, left)));
}
