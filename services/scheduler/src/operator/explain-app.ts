import { countOf, type Explanation, firstOf } from '#libs/contracts';
import type { AppLoad } from '#libs/database';
import { missingConsumer, pausedApp, refusedPublications, unreadyApp, unservedApp } from './app-obstacles.js';
import { explanation, WITHIN_SECONDS } from './explanation.js';
import { type SystemStatus, workersOf } from './situation.js';

const NAMED_WORKERS = 5;

/** What an app is doing, or why it does nothing. `hasConsumer`: its consumer exists in the broker. */
export function explainApp({ app, queued, running }: AppLoad, system: SystemStatus, hasConsumer: boolean): Explanation {
  const runs = `${queued} queued, ${running} running.`;
  const obstacle =
    pausedApp(app) ??
    refusedPublications(system) ??
    unreadyApp(app) ??
    (hasConsumer ? null : missingConsumer(app.name)) ??
    unservedApp(app, system);
  if (obstacle)
    return explanation(app.paused ? 'paused' : 'stopped', `${obstacle.reason} ${runs}`, obstacle.nextAction);
  const workers = workersOf(system, app);
  const served = `served by ${countOf(workers.length, 'worker')} (${firstOf(workers, NAMED_WORKERS)})`;
  const slots = countOf(app.concurrency, 'slot');
  const shared = sharedIdAdvice(workers, system);
  if (running >= app.concurrency)
    return explanation(
      'busy',
      `It is ${served}, and ${app.concurrency === 1 ? 'its only slot is' : `all ${slots} are`} in use. ${runs}`,
      shared ?? 'No action needed. More slots (concurrency) speed it up if the app supports them.',
    );
  return explanation(
    queued + running > 0 ? 'working' : 'idle',
    `It is ${served} and has ${slots}. ${runs}`,
    shared ?? (queued > 0 && running === 0 ? WITHIN_SECONDS : 'No action needed.'),
  );
}

/** What to do about workers whose ids are not unique; null: nothing. */
function sharedIdAdvice(workers: readonly string[], { sharedIds }: SystemStatus): string | null {
  const shared = workers.filter((worker) => sharedIds.includes(worker));
  if (shared.length === 0) return null;
  return `Two running workers have the same WORKER_ID (${firstOf(shared, NAMED_WORKERS)}). Set a different WORKER_ID for each worker.`;
}
