import { countOf } from '#libs/contracts';
import type { AppStatus, BatchStatus, BlockedBatch } from '#libs/database';
import { MAX_LAG } from '../scheduler-settings.js';
import { type Obstacle, pausedApp, refusedPublications, unreadyApp, unservedApp } from './app-obstacles.js';
import { CHECK_LOAD, CONTINUES } from './explanation.js';
import { heldBatch } from './held-batch.js';
import { clock } from './phrases.js';
import type { SystemStatus } from './situation.js';

const SECOND = 1000;
/** Without any change for this time, work that could continue is stalled. */
export const STALLED_AFTER = 30 * SECOND;

/** The lag is rounded, so that the reason does not change all the time. */
const ROUND_LAG = 10_000;

/** Why a batch makes no progress, without the batch. `state`: as in its explanation. */
export type Block = Omit<BlockedBatch, 'batch'> & { readonly state: string };

const block = (state: string, reason: string, advice: string, rest: Partial<Block> = {}): Block => ({
  state,
  stage: null,
  app: null,
  since: null,
  until: null,
  reason,
  advice,
  ...rest,
});

/** Why does this unfinished batch, or a part of it, make no progress? Null when it does. */
export function blockOf(status: BatchStatus, system: SystemStatus): Block | null {
  if (status.state !== 'running') return null;
  return (
    pauseBlock(status) ??
    holdBlock(status) ??
    systemBlock(system) ??
    trialBlock(status) ??
    appBlock(status, system) ??
    retryBlock(status) ??
    stall(status, system)
  );
}

/** A person has paused the batch. */
export function pauseBlock({ batch, paused }: BatchStatus): Block | null {
  if (!paused) return null;
  const reason = `Batch ${batch} was paused by ${paused.by} at ${clock(paused.at)}.`;
  return block('paused', reason, 'Resume the batch to continue.', { since: paused.at });
}

function holdBlock(status: BatchStatus): Block | null {
  const [held] = status.held ?? [];
  if (!held) return null;
  const { reason, nextAction } = heldBatch(status, held);
  return block('held', reason, nextAction, {
    stage: held.stage,
    app: status.route[held.stage]?.app ?? null,
    since: Date.parse(held.since),
    until: held.probeAt === null ? null : Date.parse(held.probeAt),
  });
}

/** Why nothing makes progress, whatever the batch. */
export function systemBlock(system: SystemStatus): Block | null {
  const { lag, now, activity } = system;
  if (lag === null)
    return block(
      'blocked',
      'The NATS server does not answer.',
      'Start the NATS server, or check its log and the network.',
    );
  const refused = refusedPublications(system);
  if (refused) return block('blocked', refused.reason, refused.nextAction, { since: system.refusal!.since });
  const { recordedAt, blockingSessions, admissionFailure } = activity;
  const since = { since: recordedAt };
  if (lag > 0 && now - recordedAt > STALLED_AFTER) {
    const [session] = blockingSessions;
    if (session)
      return block(
        'blocked',
        `The recorder waits for a lock that session ${session.pid} of user ${session.user} ` +
          `(${session.application || 'unnamed'}) holds in Postgres` +
          (session.since === null ? '.' : ` since ${clock(session.since)}.`),
        `End the transaction of that session, or the session: select pg_terminate_backend(${session.pid}).`,
        since,
      );
    return block(
      'blocked',
      `Finished work is not recorded: no event has been recorded since ${clock(recordedAt)}.`,
      'Check the scheduler log and Postgres: its disk, its load and its locks.',
      since,
    );
  }
  if (lag > MAX_LAG)
    return block(
      'blocked',
      `The recorder is more than ${countOf(lag - (lag % ROUND_LAG), 'event')} behind. No run is admitted until it has caught up.`,
      CHECK_LOAD,
    );
  if (admissionFailure && now - admissionFailure.since > STALLED_AFTER)
    return block(
      'blocked',
      `Nothing has been published since ${clock(admissionFailure.since)}: ${admissionFailure.sentence}`,
      'Check the scheduler log, and the disk and the limits of the NATS server (JetStream).',
      { since: admissionFailure.since },
    );
  return null;
}

/** The end of a trial waits for the batch owner. */
function trialBlock({ trial }: BatchStatus): Block | null {
  if (trial?.open !== 0) return null;
  return block(
    'trial',
    `The trial of ${countOf(trial.files, 'file')} has finished.`,
    'Check its results, then start the batch again to continue with the remaining files.',
  );
}

/** The first app that runs of the batch cannot pass, among the apps that are their own next stage. */
function appBlock({ route, openAt }: BatchStatus, system: SystemStatus): Block | null {
  for (const obstacleOf of [pausedApp, unreadyApp, (app: AppStatus): Obstacle | null => unservedApp(app, system)]) {
    for (const [stage, app] of route.entries()) {
      const obstacle = openAt[stage] ? obstacleOf(app) : null;
      if (!obstacle) continue;
      const since = obstacleOf === pausedApp ? (app.paused?.at ?? null) : null;
      return block('blocked', obstacle.reason, obstacle.nextAction, { stage, app: app.app, since });
    }
  }
  return null;
}

function retryBlock({ retrying, runs }: BatchStatus): Block | null {
  if (!retrying || retrying.count !== runs.waiting || runs.running > 0) return null;
  const { count, next } = retrying;
  const reason =
    count === 1
      ? `One run remains; it will be retried at ${clock(next)}.`
      : `${countOf(count, 'run')} remain and will be retried, the first at ${clock(next)}.`;
  return block('retrying', reason, CONTINUES, { until: next });
}

/** Runs are open, no cause is known, and nothing has happened for a while. */
function stall({ batch, runs }: BatchStatus, { now, activity }: SystemStatus): Block | null {
  const since = activity.changedAt.get(batch);
  if (since === undefined || now - since <= STALLED_AFTER || activity.heldBatches.has(batch)) return null;
  if (runs.running > 0)
    return block(
      'blocked',
      `${countOf(runs.running, 'run')} in progress: no running worker lists one of them, and nothing has been recorded ` +
        `since ${clock(since)}.`,
      'Wait a few minutes for the scheduler to publish them again. If this persists, explain one of them and check the ' +
        'worker log.',
      { since },
    );
  if (runs.waiting === 0) return null;
  return block(
    'blocked',
    `Runs of the batch wait, and none has been published since ${clock(since)}.`,
    'Explain one of its waiting runs, and check the scheduler log.',
    { since },
  );
}
