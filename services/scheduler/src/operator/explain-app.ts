import { countOf, type Explanation, firstOf } from '#libs/contracts';
import type { AppLoad } from '#libs/database';
import { pausedApp, unreadyApp, unservedApp } from './app-obstacles.js';
import { type Surroundings, workersOf } from './situation.js';

const NAMED_WORKERS = 5;

/** What an app is doing, or why it is not. `hasConsumer`: the broker has its consumer. */
export function explainApp({ app, queued, running }: AppLoad, around: Surroundings, hasConsumer: boolean): Explanation {
  const runs = `${queued} queued, ${running} running.`;
  const obstacle =
    pausedApp(app) ?? unreadyApp(app) ?? (hasConsumer ? null : missing(app.name)) ?? unservedApp(app, around);
  if (obstacle) {
    const state = app.paused ? 'paused' : 'stopped';
    return { ok: true, state, reason: `${obstacle.reason} ${runs}`, nextAction: obstacle.nextAction };
  }
  const workers = workersOf(around, app);
  const served = `${countOf(workers.length, 'worker')} (${firstOf(workers, NAMED_WORKERS)})`;
  if (running >= app.concurrency)
    return {
      ok: true,
      state: 'busy',
      reason: `All ${countOf(app.concurrency, 'slot')} work, served by ${served}. ${runs}`,
      nextAction: 'Nothing: more slots (concurrency) make it faster if the app can take them.',
    };
  return {
    ok: true,
    state: queued + running > 0 ? 'working' : 'idle',
    reason: `It is served by ${served}, and has ${countOf(app.concurrency, 'slot')}. ${runs}`,
    nextAction: 'Nothing.',
  };
}

const missing = (name: string) => ({
  reason: `The consumer of ${name} is not there.`,
  nextAction: 'Nothing: the scheduler makes it again. If this stays, look at its log.',
});
