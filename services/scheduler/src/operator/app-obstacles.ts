import { countOf, type Explanation } from '#libs/contracts';
import type { AppFacts } from '#libs/database';
import { type Surroundings, workersOf } from './situation.js';
import { are, because, clock } from './words.js';

/** A reason and what to do about it. */
export type Obstacle = Pick<Explanation, 'reason' | 'nextAction'>;

const BREAKER = 'breaker';

/** An app that is paused, if it is. */
export function pausedApp({ name, paused }: AppFacts): Obstacle | null {
  if (!paused) return null;
  const { by, at, why } = paused;
  if (by === BREAKER)
    return {
      reason: `${name} is paused by the circuit breaker since ${clock(at)}${because(why)}`,
      nextAction: 'Find out why the app fails. It is tried again by itself; resume it to do so at once.',
    };
  return {
    reason: `${name} is paused by ${by} since ${clock(at)}${because(why)}`,
    nextAction: 'Resume the app when it may work again.',
  };
}

/** An app whose consumer was never made. */
export const unreadyApp = ({ name, ready }: AppFacts): Obstacle | null =>
  ready
    ? null
    : {
        reason: `The consumer of ${name} has not been made yet.`,
        nextAction: 'Wait a moment. If this stays, look for the reason in the log of the scheduler.',
      };

/** An app that nobody works for. */
export const unservedApp = (app: AppFacts, around: Surroundings): Obstacle | null =>
  workersOf(around, app).length > 0
    ? null
    : {
        reason: `No worker serves ${app.name}: none that lives has said so.`,
        nextAction: `Start a worker, or look why it has stopped. It has to serve ${app.app} (WORKER_APPS).`,
      };

/** An app that so many runs are on their way to that no more may enter. */
export function fullApp(app: AppFacts, around: Surroundings): Obstacle | null {
  if ((around.credits.get(app.app) ?? 0) > 0) return null;
  const unserved = unservedApp(app, around);
  const number = around.underWay.get(app.app) ?? 0;
  const runs = countOf(number, 'run');
  if (unserved)
    return { ...unserved, reason: `${unserved.reason} ${runs} ${are(number)} on the way to it, and no more enter.` };
  return {
    reason: `${app.name} is full: ${runs} under way still ${number === 1 ? 'has' : 'have'} to pass it, and it works on ${app.concurrency} at once.`,
    nextAction:
      'Nothing: it goes on as others are done. More slots (concurrency) make it faster if the app can take them.',
  };
}
