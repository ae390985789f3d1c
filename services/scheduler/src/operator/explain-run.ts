import { countOf, type Explanation, NEXT_ACTIONS, retryRule } from '#libs/contracts';
import type { AppStatus, RunStatus } from '#libs/database';
import {
  fullApp,
  missingConsumer,
  type Obstacle,
  pausedApp,
  brokerObstacle,
  unreadyApp,
  unservedApp,
} from './app-obstacles.js';
import { pauseBlock } from './batch-block.js';
import { CONTINUES, DOCUMENTS_AVAILABLE, explanation, WITHIN_SECONDS } from './explanation.js';
import { heldBatch } from './held-batch.js';
import { because, capital, clock } from './phrases.js';
import type { BrokerStatus, RunSituation, SystemStatus } from './situation.js';
import { catchingUp, lockedRuns, systemBlock } from './system-block.js';

const QUEUED = 'Wait until a slot of the app is free. If none is in use and it does not start, check the worker log.';

const PUBLISHED_AGAIN =
  'Wait a few minutes for the scheduler to publish the stage again. If this persists, check the scheduler log.';

const blocked = (state: string, obstacle: Obstacle | null): Explanation | null =>
  obstacle && explanation(state, obstacle.reason, obstacle.nextAction);

/** Why does this run make no progress? Returns the first reason that applies. */
export function explainRun({ run, system, broker }: RunSituation): Explanation {
  const app = run.batch.route[run.nextIndex];
  switch (run.state) {
    case 'done':
      return explanation('done', `All stages have finished${at(run)}.`, DOCUMENTS_AVAILABLE);
    case 'failed':
      return explainFailed(run, app, broker);
    case 'cancelled':
      return explanation(
        'cancelled',
        run.sentence ?? `Batch ${run.batch.batch} was cancelled.`,
        'To run it anyway, replay it.',
      );
    case 'waiting':
      return explainWaiting(run, system);
    case 'running':
      return explainInProgress({ run, system, broker: broker!, app: app!, stage: stageName(run, app) });
  }
}

const at = ({ finishedAt }: RunStatus) => (finishedAt === null ? '' : `, the last one at ${clock(finishedAt)}`);
const stageName = ({ nextIndex }: RunStatus, app: AppStatus | undefined) =>
  `stage ${nextIndex} (${app?.name ?? 'none'})`;

function explainFailed(run: RunStatus, app: AppStatus | undefined, broker: BrokerStatus | null): Explanation {
  const { outcome } = run.stage ?? { outcome: null };
  const letter = broker?.deadLetter;
  const stored = letter ? ` Its message is stored as dead letter ${letter.sequence}.` : '';
  return explanation(
    'failed',
    `${capital(stageName(run, app))} failed${because(run.sentence ?? outcome)}${stored}`,
    (outcome && NEXT_ACTIONS[outcome]) ?? 'Find out why, then replay the run.',
  );
}

function explainWaiting(run: RunStatus, system: SystemStatus): Explanation {
  const { batch, nextIndex } = run;
  const app = batch.route[nextIndex];
  if (batch.state === 'draft')
    return explanation('draft', `Batch ${batch.batch} has not been started.`, 'Start the batch.');
  if (run.generation < batch.cancelledGeneration)
    return explanation(
      'cancelling',
      `Batch ${batch.batch} was cancelled; the run will be cancelled shortly.`,
      WITHIN_SECONDS,
    );
  const paused = pauseBlock(batch);
  if (paused) return explanation(paused.state, paused.reason, paused.advice);
  const held = batch.held?.find(({ stage, probe }) => stage === nextIndex && probe !== run.run);
  if (held) return heldBatch(batch, held);
  if (run.isBeyondTrial)
    return explanation(
      'waiting',
      `Batch ${batch.batch} runs a trial, which includes only its first ${countOf(batch.trial?.files ?? 0, 'file')}.`,
      'Check the results of the trial, then start the batch again to continue with the remaining files.',
    );
  if (!run.hasInput)
    return explanation(
      'waiting',
      `The output of stage ${nextIndex - 1}, which this run needs to continue, is no longer stored.`,
      'Cancel the run, then replay it from stage 0.',
    );
  const whole = systemBlock(system);
  if (whole) return explanation('waiting', whole.reason, whole.advice);
  const own = app && (pausedApp(app) ?? unreadyApp(app));
  if (own) return blocked('waiting', own)!;
  if (run.notBefore !== null && run.notBefore > system.now) return waitingForRetry(run, app);
  const behind = catchingUp(system);
  if (behind) return explanation('waiting', behind.reason, behind.advice);
  const full = fullApp(batch, nextIndex, system);
  const ahead =
    run.aheadInBatch > 0
      ? ` ${countOf(run.aheadInBatch, 'run')} of its batch ${run.aheadInBatch === 1 ? 'is' : 'are'} ahead of it.`
      : '';
  if (full) return blocked('waiting', { ...full, reason: `${full.reason}${ahead}` })!;
  return explanation('waiting', `It will be admitted shortly.${ahead}`, WITHIN_SECONDS);
}

function waitingForRetry(run: RunStatus, app: AppStatus | undefined): Explanation {
  const outcome = run.stage?.outcome ?? null;
  const rule = outcome && retryRule(outcome, app?.retry ?? {});
  const attempts = rule ? ` of ${rule.attempts + 1}` : '';
  return explanation(
    'retrying',
    `${capital(stageName(run, app))} will be retried at ${clock(run.notBefore!)} (attempt ${run.attempt + 1}${attempts})` +
      because(run.sentence),
    CONTINUES,
  );
}

interface InProgress {
  readonly run: RunStatus;
  readonly system: SystemStatus;
  readonly broker: BrokerStatus;
  /** The app of the run's current stage, and that stage in words. */
  readonly app: AppStatus;
  readonly stage: string;
}

/** What was cancelled so that this run is stopped; null when nothing was. */
function cancelledOf({ run, generation, cancelledGeneration, batch }: RunStatus): string | null {
  if (generation <= batch.cancelledGeneration) return `Batch ${batch.batch}`;
  return generation <= cancelledGeneration ? `Run ${run}` : null;
}

function explainInProgress(situation: InProgress): Explanation {
  const { run, system, app, broker } = situation;
  const cancelled = cancelledOf(run);
  if (cancelled !== null)
    return explanation(
      'cancelling',
      broker.holder
        ? `${cancelled} was cancelled; worker ${broker.holder.worker} is stopping this stage.`
        : `${cancelled} was cancelled; the run will be closed shortly.`,
      broker.holder ? CONTINUES : WITHIN_SECONDS,
    );
  return (
    blocked('blocked', brokerObstacle(system)) ??
    atWork(situation) ??
    unrecorded(situation) ??
    blocked('queued', pausedApp(app)) ??
    deadLettered(situation) ??
    withoutMessage(situation) ??
    blocked('queued', unservedApp(app, system)) ??
    inTheQueue(situation)
  );
}

function atWork({ run, broker: { holder }, stage }: InProgress): Explanation | null {
  if (!holder) return null;
  const call = run.stage?.state === 'running' && run.stage.calls > 0 ? ` (call ${run.stage.calls})` : '';
  return explanation(
    'running',
    `${capital(stage)} has been running on worker ${holder.worker} since ${clock(holder.since)}${call}.`,
    CONTINUES,
  );
}

/** The settlement is in the event log, but not in Postgres yet. */
function unrecorded({ run, system, broker, stage }: InProgress): Explanation | null {
  if ((broker.settledGeneration ?? 0) < run.generation) return null;
  const { lag } = system;
  const whole = systemBlock(system) ?? lockedRuns(run.batch, system);
  const behind = lag ? `, which is ${countOf(lag, 'event')} behind` : '';
  return explanation(
    'running',
    `${capital(stage)} is settled and waits for the recorder${behind}.${whole ? ` ${whole.reason}` : ''}`,
    whole?.advice ?? WITHIN_SECONDS,
  );
}

function deadLettered({ broker: { message, deadLetter, installation }, stage }: InProgress): Explanation | null {
  if (message && message.installation !== null && message.installation !== installation)
    return explanation(
      'queued',
      `The message of ${stage} belongs to another installation (${message.installation}), so a worker will dead-letter it.`,
      'Find out which other Chowda database uses this NATS server. If the stage is not published again within minutes, ' +
        'check the scheduler log.',
    );
  if (!message || deadLetter?.of !== message.sequence) return null;
  return explanation(
    'dead-lettered',
    `The message of ${stage} was dead-lettered as ${deadLetter.reason} (dead letter ${deadLetter.sequence})` +
      because(deadLetter.sentence),
    `${PUBLISHED_AGAIN} If it is dead-lettered again, find out what else publishes to its subject.`,
  );
}

function withoutMessage({ broker: { message, position }, app, stage }: InProgress): Explanation | null {
  if (!message) return explanation('queued', `The message of ${stage} is missing from STAGES.`, PUBLISHED_AGAIN);
  return position ? null : blocked('queued', missingConsumer(app.name));
}

function inTheQueue({ run, broker, app, stage }: InProgress): Explanation {
  const { sequence } = broker.message!;
  const { delivered, acknowledged, unacknowledged } = broker.position!;
  if (sequence > delivered) {
    const place = run.aheadInQueue === 0 ? 'is next' : `waits behind ${countOf(run.aheadInQueue, 'other')}`;
    const paused = run.batch.paused
      ? ` Batch ${run.batch.batch} is paused: when its turn comes, the stage is parked until the batch is resumed.`
      : '';
    return explanation(
      'queued',
      `${capital(stage)} ${place} in the queue of ${app.name}, which is using ${unacknowledged} of ` +
        `${countOf(app.concurrency, 'slot')}.${paused}`,
      run.batch.paused ? 'Resume the batch to continue.' : QUEUED,
    );
  }
  if (sequence <= acknowledged)
    return explanation(
      'queued',
      `The message of ${stage} was acknowledged, but the stage was not settled.`,
      PUBLISHED_AGAIN,
    );
  return explanation(
    'queued',
    `The message of ${stage} was delivered to a worker that has not reported starting it yet.`,
    'Wait until the worker reports it, or until the broker delivers it to another one after the ack wait. If this ' +
      'persists, check the worker log.',
  );
}
