import { countOf } from '#libs/contracts';
import type { AppStatus, BatchStatus } from '#libs/database';
import { fullApp, type Obstacle, pausedApp, unreadyApp, unservedApp } from './app-obstacles.js';
import { CONTINUES } from './explanation.js';
import { heldBatch } from './held-batch.js';
import { are, clock } from './phrases.js';
import type { SystemStatus } from './situation.js';
import { block, type Block, catchingUp, lockedRuns, STALLED_AFTER, systemBlock } from './system-block.js';

/** Why does this unfinished batch, or a part of it, make no progress? Null when it does. */
export function blockOf(status: BatchStatus, system: SystemStatus): Block | null {
  if (status.state !== 'running') return null;
  return (
    pauseBlock(status) ??
    holdBlock(status) ??
    systemBlock(system) ??
    trialBlock(status) ??
    lockedRuns(status, system) ??
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

/** Other batches use all slots of an app at which runs of this one are. */
function busyApp(status: BatchStatus, system: SystemStatus): Block | null {
  const { route, openAt, firstOpen, runs } = status;
  for (const [stage, { app, name, concurrency }] of route.entries()) {
    if (runs.running === 0 || !openAt[stage] || (system.activity.busySlots.get(app) ?? 0) < concurrency) continue;
    const slots = concurrency === 1 ? 'its only slot is' : `all ${concurrency} slots are`;
    return block(
      'blocked',
      `${countOf(runs.running, 'run')} of the batch ${are(runs.running)} in the queue of ${name}: ${slots} in use for other batches.`,
      'Wait until a slot is free. More slots (concurrency) speed it up if the app supports them.',
      { stage, app },
    );
  }
  const full = runs.running === 0 ? fullApp(status, firstOpen, system) : null;
  return full && block('blocked', full.reason, full.nextAction);
}

/** Runs are open, no cause is known, and nothing has happened for a while. */
function stall(status: BatchStatus, system: SystemStatus): Block | null {
  const { batch, runs } = status;
  const { now, activity } = system;
  const since = activity.changedAt.get(batch);
  if (since === undefined || now - since <= STALLED_AFTER || activity.heldBatches.has(batch)) return null;
  const busy = catchingUp(system) ?? busyApp(status, system);
  if (busy) return { ...busy, since };
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
