import { countOf, type Explanation } from '#libs/contracts';
import type { BatchFacts } from '#libs/database';
import { fullApp, pausedApp, unreadyApp, unservedApp } from './app-obstacles.js';
import { pausedBatch } from './explain-run.js';
import { explanation, NOTHING } from './explanation.js';
import type { Surroundings } from './situation.js';
import { clock } from './words.js';

/** Why does this batch not get on? The first reason that holds. */
export function explainBatch(facts: BatchFacts, around: Surroundings): Explanation {
  const { batch, state, route, runs, retrying, paused, trial } = facts;
  const files = countOf(runs.waiting + runs.running + runs.done + runs.failed + runs.cancelled, 'run');
  if (state === 'draft') return explanation('draft', `Batch ${batch} has not been started.`, 'Start the batch.');
  if (state === 'finished') return finished(facts);
  if (paused) {
    const stopped = pausedBatch(batch, paused);
    return { ...stopped, reason: `${stopped.reason} ${open(facts)}` };
  }
  if (trial?.open === 0)
    return explanation(
      'trial',
      `The trial of ${countOf(trial.files, 'file')} has ended. ${open(facts)}`,
      'Look at its results, then start the batch again to go on with the rest.',
    );
  const obstacles = [pausedApp, unreadyApp, (app: (typeof route)[number]) => unservedApp(app, around)];
  for (const obstacle of obstacles) {
    const found = route.map(obstacle).find((reason) => reason !== null);
    if (found) return explanation('blocked', `${found.reason} ${open(facts)}`, found.nextAction);
  }
  if (retrying && retrying.count === runs.waiting && runs.running === 0)
    return explanation(
      'retrying',
      `Everything that is left (${countOf(retrying.count, 'run')}) is tried again, the first at ${clock(retrying.next)}.`,
      NOTHING,
    );
  const full = runs.waiting > 0 ? route.map((app) => fullApp(app, around)).find((reason) => reason !== null) : null;
  const busy = full ? ` ${full.reason}` : '';
  return explanation('running', `${runs.done} of ${files} are done. ${open(facts)}${busy}`, failures(facts));
}

const open = ({ runs }: BatchFacts) => `${runs.waiting} waiting, ${runs.running} under way, ${runs.failed} failed.`;

const failures = ({ worstError }: BatchFacts) =>
  worstError ? `Look at the largest group of failures (${worstError.count}): ${worstError.sentence}` : NOTHING;

function finished(facts: BatchFacts): Explanation {
  const { done, failed, cancelled } = facts.runs;
  const parts = [
    `${done} done`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(cancelled > 0 ? [`${cancelled} cancelled`] : []),
  ];
  const next = facts.worstError ? failures(facts) : 'Nothing: read its documents.';
  return explanation('finished', `Every run has ended: ${parts.join(', ')}.`, next);
}
