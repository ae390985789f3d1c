import { countOf, type Explanation } from '#libs/contracts';
import type { BatchStatus } from '#libs/database';
import { fullApp } from './app-obstacles.js';
import { blockOf } from './batch-block.js';
import { CONTINUES, DOCUMENTS_AVAILABLE, explanation, WITHIN_SECONDS } from './explanation.js';
import type { SystemStatus } from './situation.js';

/** Why does this batch make no progress? Returns the first reason that applies. */
export function explainBatch(status: BatchStatus, system: SystemStatus): Explanation {
  const { batch, state, firstOpen, runs } = status;
  if (state === 'draft') return explanation('draft', `Batch ${batch} has not been started.`, 'Start the batch.');
  if (state === 'finished') return finished(status);
  const block = blockOf(status, system);
  if (block) {
    const all = block.state === 'retrying' ? '' : ` ${open(status)}`;
    return explanation(block.state, `${block.reason}${all}`, block.advice);
  }
  const full = runs.waiting > 0 ? fullApp(status, firstOpen, system) : null;
  const busy = full ? ` ${full.reason}` : '';
  const all = countOf(runs.waiting + runs.running + runs.done + runs.failed + runs.cancelled, 'run');
  return explanation(
    'running',
    `${runs.done} of ${all} are done. ${open(status)}${busy}`,
    failures(status, nextOf(status, system)),
  );
}

const open = ({ runs }: BatchStatus) => `${runs.waiting} waiting, ${runs.running} in progress, ${runs.failed} failed.`;

const failures = ({ worstError }: BatchStatus, otherwise: string) =>
  worstError ? `Check the largest group of failures (${worstError.count}): ${worstError.sentence}` : otherwise;

/** That it continues is certain only while a worker lists one of its runs. */
const nextOf = ({ batch }: BatchStatus, { activity }: SystemStatus): string =>
  activity.heldBatches.has(batch) ? CONTINUES : WITHIN_SECONDS;

function finished(status: BatchStatus): Explanation {
  const { done, failed, cancelled } = status.runs;
  const parts = [
    `${done} done`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(cancelled > 0 ? [`${cancelled} cancelled`] : []),
  ];
  const next = failures(status, DOCUMENTS_AVAILABLE);
  return explanation('finished', `All runs have ended: ${parts.join(', ')}.`, next);
}
