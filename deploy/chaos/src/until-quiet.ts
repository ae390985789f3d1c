import { setTimeout as delay } from 'node:timers/promises';
import { appConsumer, batchSchema, RECORDER_CONSUMER, STREAMS } from '#libs/contracts';
import type { ChaosStack } from './chaos-stack.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const LOOK_EVERY = SECOND / 2;
/** So many looks in a row have to find nothing to do: a run that is tried again rests in between. */
const CALM_LOOKS = 4;
/** Without any change of the batches for so long, what is missing is lost. */
const PATIENCE = 4 * MINUTE;

export interface QuietOptions {
  readonly batches: readonly number[];
  /** Slugs of the apps. */
  readonly slugs: readonly string[];
  readonly signal: AbortSignal;
}

/**
 * Waits until every batch is finished and no message waits for a worker or the recorder. Resolves to false when nothing
 * has moved for minutes before that.
 */
export async function untilQuiet(stack: ChaosStack, { batches, slugs, signal }: QuietOptions): Promise<boolean> {
  let calm = 0;
  let versions = '';
  let changedAt = Date.now();
  while (calm < CALM_LOOKS) {
    if (Date.now() - changedAt > PATIENCE) return false;
    await delay(LOOK_EVERY, undefined, { signal });
    // A server may just be away.
    const state = await look(stack, batches, slugs).catch(() => null);
    calm = state?.isQuiet ? calm + 1 : 0;
    if (state && state.versions !== versions) {
      ({ versions } = state);
      changedAt = Date.now();
    }
  }
  return true;
}

async function look({ api, link }: ChaosStack, batches: readonly number[], slugs: readonly string[]) {
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
