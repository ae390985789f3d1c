import { countOf, type Explanation } from '#libs/contracts';
import type { AppStatus, BatchStatus } from '#libs/database';
import { are, because, clock } from './phrases.js';
import { type SystemStatus, workersOf } from './situation.js';

/** Why runs cannot pass an app, and what to do about it. */
export type Obstacle = Pick<Explanation, 'reason' | 'nextAction'>;

const BREAKER = 'breaker';

/** Null when the broker stores what is published. */
export function refusedPublications({ refusal }: SystemStatus): Obstacle | null {
  if (!refusal) return null;
  const { since, reason, count } = refusal;
  return {
    reason: `The broker has refused publications since ${clock(since)}: ${reason} (${countOf(count, 'failed attempt')}).`,
    nextAction:
      'Free disk space on the NATS server, or raise its storage limit (max_file_store). If the broker still refuses ' +
      'publications a minute after there is space, restart nats-server.',
  };
}

/** The broker does not answer, or refuses what is published; null: neither. */
export const brokerObstacle = (system: SystemStatus): Obstacle | null =>
  system.lag === null
    ? {
        reason: 'The NATS server does not answer.',
        nextAction: 'Start the NATS server, or check its log and the network.',
      }
    : refusedPublications(system);

/** Null when the app is not paused. */
export function pausedApp({ name, unreachable, paused }: AppStatus): Obstacle | null {
  if (!paused) return null;
  const { by, at, why } = paused;
  if (by === BREAKER && unreachable)
    return {
      reason: `${name} has been unreachable since ${clock(at)}${because(why)}`,
      nextAction:
        `Start ${name}, or correct its address. Chowda calls it again from time to time and resumes it when it answers; ` +
        'resume it to call it immediately.',
    };
  if (by === BREAKER)
    return {
      reason: `${name} was paused by the circuit breaker at ${clock(at)}${because(why)}`,
      nextAction:
        'Find out why the app fails. Chowda tries one file from time to time and resumes the app when one succeeds; ' +
        'resume it to call it immediately.',
    };
  return {
    reason: `${name} was paused by ${by} at ${clock(at)}${because(why)}`,
    nextAction: 'Resume the app when it may run again.',
  };
}

/** Null when the app's consumer was created. */
export const unreadyApp = ({ name, ready }: AppStatus): Obstacle | null =>
  ready
    ? null
    : {
        reason: `The consumer of ${name} has not been created yet.`,
        nextAction: 'Wait a few seconds. If this persists, check the scheduler log.',
      };

/** The broker has lost the app's consumer. */
export const missingConsumer = (name: string): Obstacle => ({
  reason: `The consumer of ${name} does not exist.`,
  nextAction: 'Wait a few seconds for the scheduler to recreate it. If this persists, check its log.',
});

/** Null when a running worker serves the app. */
export const unservedApp = (app: AppStatus, system: SystemStatus): Obstacle | null =>
  workersOf(system, app).length > 0
    ? null
    : {
        reason: `No running worker serves ${app.name}.`,
        nextAction: `Start a worker that serves ${app.app} (WORKER_APPS), or find out why it stopped.`,
      };

/**
 * The app without credits that runs of a batch have to wait for; its route begins at their own next stage. Null when
 * they can be admitted.
 */
export function fullApp({ batch, route }: BatchStatus, nextIndex: number, system: SystemStatus): Obstacle | null {
  const full = system.credits.fullApp({ batch, route: route.map(({ app }) => app), nextIndex });
  const app = route.find((one) => one.app === full);
  return app ? (pausedApp(app) ?? withoutCredits(app, system)) : null;
}

function withoutCredits(app: AppStatus, system: SystemStatus): Obstacle {
  const unserved = unservedApp(app, system);
  const ahead = system.credits.runsAhead(app.app);
  const runs = countOf(ahead, 'run');
  if (unserved)
    return {
      ...unserved,
      reason: `${unserved.reason} ${runs} ${are(ahead)} on the way to it, and no more are admitted.`,
    };
  return {
    reason:
      `${app.name} is full: ${runs} in progress still ${ahead === 1 ? 'has' : 'have'} to pass it, ` +
      `and it processes ${countOf(app.concurrency, 'file')} at a time.`,
    nextAction:
      'Wait until runs ahead of it finish; if none does, explain one of them. More slots (concurrency) speed it up if ' +
      'the app supports them.',
  };
}
