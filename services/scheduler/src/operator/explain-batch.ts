import { countOf, type Explanation } from '#libs/contracts';
import type { BatchStatus } from '#libs/database';
import { fullApp, pausedApp, refusedPublications, unreadyApp, unservedApp } from './app-obstacles.js';
import { pausedBatch } from './explain-run.js';
import { heldBatch } from './held-batch.js';
import { CONTINUES, DOCUMENTS_AVAILABLE, explanation } from './explanation.js';
import { clock } from './phrases.js';
import type { SystemStatus } from './situation.js';

/** Why does this batch make no progress? Returns the first reason that applies. */
export function explainBatch(status: BatchStatus, system: SystemStatus): Explanation {
  const { batch, state, firstOpen, runs, retrying, paused, trial } = status;
  if (state === 'draft') return explanation('draft', `Batch ${batch} has not been started.`, 'Start the batch.');
  if (state === 'finished') return finished(status);
  if (paused) {
    const explained = pausedBatch(batch, paused);
    return { ...explained, reason: `${explained.reason} ${open(status)}` };
  }
  const [held] = status.held ?? [];
  if (held) {
    const explained = heldBatch(status, held);
    return { ...explained, reason: `${explained.reason} ${open(status)}` };
  }
  if (trial?.open === 0)
    return explanation(
      'trial',
      `The trial of ${countOf(trial.files, 'file')} has finished. ${open(status)}`,
      'Check its results, then start the batch again to continue with the remaining files.',
    );
  const refused = refusedPublications(system);
  if (refused) return explanation('blocked', `${refused.reason} ${open(status)}`, refused.nextAction);
  const route = status.route.slice(firstOpen);
  const obstacles = [pausedApp, unreadyApp, (app: (typeof route)[number]) => unservedApp(app, system)];
  for (const obstacle of obstacles) {
    const found = route.map(obstacle).find((reason) => reason !== null);
    if (found) return explanation('blocked', `${found.reason} ${open(status)}`, found.nextAction);
  }
  if (retrying && retrying.count === runs.waiting && runs.running === 0)
    return explanation('retrying', retrySentence(retrying), CONTINUES);
  const full = runs.waiting > 0 ? fullApp(status, firstOpen, system) : null;
  const busy = full ? ` ${full.reason}` : '';
  const all = countOf(runs.waiting + runs.running + runs.done + runs.failed + runs.cancelled, 'run');
  return explanation('running', `${runs.done} of ${all} are done. ${open(status)}${busy}`, failures(status));
}

const retrySentence = ({ count, next }: NonNullable<BatchStatus['retrying']>): string =>
  count === 1
    ? `One run remains; it will be retried at ${clock(next)}.`
    : `${countOf(count, 'run')} remain and will be retried, the first at ${clock(next)}.`;

const open = ({ runs }: BatchStatus) => `${runs.waiting} waiting, ${runs.running} in progress, ${runs.failed} failed.`;

const failures = ({ worstError }: BatchStatus) =>
  worstError ? `Check the largest group of failures (${worstError.count}): ${worstError.sentence}` : CONTINUES;

function finished(status: BatchStatus): Explanation {
  const { done, failed, cancelled } = status.runs;
  const parts = [
    `${done} done`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(cancelled > 0 ? [`${cancelled} cancelled`] : []),
  ];
  const next = status.worstError ? failures(status) : DOCUMENTS_AVAILABLE;
  return explanation('finished', `All runs have ended: ${parts.join(', ')}.`, next);
}
