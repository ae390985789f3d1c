import { setTimeout as delay } from 'node:timers/promises';
import { appConsumer, batchSchema, RECORDER_CONSUMER, STREAMS } from '#libs/contracts';
import type { ChaosStack } from './chaos-stack.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const CHECK_INTERVAL = SECOND / 2;
/** Consecutive checks without work; a run with a scheduled retry has no work in between. */
const QUIET_CHECKS = 4;
/** Runs that are missing after this time without a change of the batches are lost. */
const STALLED_AFTER = 4 * MINUTE;

export interface QuietOptions {
  readonly batches: readonly number[];
  /** Slugs of the apps. */
  readonly slugs: readonly string[];
  readonly signal: AbortSignal;
}

/**
 * Waits until every batch is finished and no message waits for a worker or the recorder. Resolves to false after 4 minutes
 * without progress.
 */
export async function untilQuiet(stack: ChaosStack, { batches, slugs, signal }: QuietOptions): Promise<boolean> {
  let quietChecks = 0;
  let versions = '';
  let changedAt = Date.now();
  while (quietChecks < QUIET_CHECKS) {
    if (Date.now() - changedAt > STALLED_AFTER) return false;
    await delay(CHECK_INTERVAL, undefined, { signal });
    // A server may be restarting.
    const state = await check(stack, batches, slugs).catch(() => null);
    quietChecks = state?.isQuiet ? quietChecks + 1 : 0;
    if (state && state.versions !== versions) {
      ({ versions } = state);
      changedAt = Date.now();
    }
  }
  return true;
}

async function check({ api, link }: ChaosStack, batches: readonly number[], slugs: readonly string[]) {
  const views = await Promise.all(batches.map((id) => api.get(`/api/batches/${id}`, batchSchema)));
  const { consumers } = await link.connection.jetstreamManager();
  const infos = await Promise.all([
    ...slugs.map((slug) => consumers.info(STREAMS.stages.name, appConsumer(slug))),
    consumers.info(STREAMS.events.name, RECORDER_CONSUMER),
  ]);
  const isFinished = views.every(({ summary }) => summary.state === 'finished');
  const isIdle = infos.every((info) => info.num_pending === 0 && info.num_ack_pending === 0);
  return {
    isQuiet: isFinished && isIdle,
    versions: views.map(({ summary }) => summary.version).join(' '),
  };
}
