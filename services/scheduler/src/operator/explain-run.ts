import { countOf, type Explanation, NEXT_ACTIONS, retryRule } from '#libs/contracts';
import type { AppFacts, RunFacts } from '#libs/database';
import { MAX_LAG } from '../admission/recorder-lag.js';
import { fullApp, type Obstacle, pausedApp, unreadyApp, unservedApp } from './app-obstacles.js';
import { explanation, NOTHING } from './explanation.js';
import type { BrokerFacts, RunSituation, Surroundings } from './situation.js';
import { because, capital, clock } from './words.js';

const blocked = (state: string, obstacle: Obstacle | null): Explanation | null =>
  obstacle && { ok: true, state, ...obstacle };

/** Why does this run not get on? The first reason that holds. */
export function explainRun(situation: RunSituation): Explanation {
  const { run, around, broker } = situation;
  const app = run.batch.route[run.nextIndex];
  switch (run.state) {
    case 'done':
      return explanation('done', `Every stage is done${at(run)}.`, 'Nothing: read its documents.');
    case 'failed':
      return explainFailed(run, app, broker);
    case 'cancelled':
      return explanation(
        'cancelled',
        `${run.sentence ?? `Batch ${run.batch.batch} was cancelled.`}`,
        'Run it again if it is wanted after all (replay).',
      );
    case 'waiting':
      return explainWaiting(run, around);
    case 'running':
      return explainUnderWay({ run, around, broker: broker!, app: app!, stage: stageName(run, app) });
  }
}

const at = ({ finishedAt }: RunFacts) => (finishedAt === null ? '' : ` since ${clock(finishedAt)}`);
const stageName = ({ nextIndex }: RunFacts, app: AppFacts | undefined) => `stage ${nextIndex} (${app?.name ?? 'none'})`;

function explainFailed(run: RunFacts, app: AppFacts | undefined, broker: BrokerFacts | null): Explanation {
  const { outcome } = run.stage ?? { outcome: null };
  const letter = broker?.deadLetter;
  const kept = letter ? ` Its message is kept as dead letter ${letter.sequence}.` : '';
  return explanation(
    'failed',
    `${capital(stageName(run, app))} failed${because(run.sentence ?? outcome)}${kept}`,
    (outcome && NEXT_ACTIONS[outcome]) ?? 'Find out why, then run it again (replay).',
  );
}

function explainWaiting(run: RunFacts, around: Surroundings): Explanation {
  const { batch, nextIndex } = run;
  const app = batch.route[nextIndex];
  if (batch.state === 'draft')
    return explanation('draft', `Batch ${batch.batch} has not been started.`, 'Start the batch.');
  if (batch.paused) return pausedBatch(batch.batch, batch.paused);
  if (run.isBeyondTrial)
    return explanation(
      'waiting',
      `Only the first ${countOf(batch.trial?.files ?? 0, 'file')} of batch ${batch.batch} may run: its trial.`,
      'Look at the results of the trial, then start the batch again to go on with the rest.',
    );
  if (!run.hasInput)
    return explanation(
      'waiting',
      `The output of stage ${nextIndex - 1}, by which it would go on, is not stored.`,
      'Cancel its batch and run it again from stage 0 (replay).',
    );
  if (run.notBefore !== null && run.notBefore > around.now) return waitingForRetry(run, app);
  for (const obstacle of [pausedApp, unreadyApp]) {
    const found = batch.route.map(obstacle).find((reason) => reason !== null);
    if (found) return blocked('waiting', found)!;
  }
  if (around.lag !== null && around.lag > MAX_LAG)
    return explanation(
      'waiting',
      `The recorder is ${around.lag} events behind: no run enters until it has caught up.`,
      'Look at the load of the scheduler and of Postgres.',
    );
  const full = batch.route.map((ahead) => fullApp(ahead, around)).find((obstacle) => obstacle !== null);
  const ahead =
    run.aheadInBatch > 0
      ? ` ${countOf(run.aheadInBatch, 'run')} of its batch ${run.aheadInBatch === 1 ? 'goes' : 'go'} before it.`
      : '';
  if (full) return blocked('waiting', { ...full, reason: `${full.reason}${ahead}` })!;
  return explanation('waiting', `It is about to enter the pipeline.${ahead}`, NOTHING);
}

export const pausedBatch = (batch: number, { by, at: since }: { by: string; at: number }): Explanation =>
  explanation(
    'paused',
    `Batch ${batch} is paused by ${by} since ${clock(since)}.`,
    'Resume the batch when it may go on.',
  );

function waitingForRetry(run: RunFacts, app: AppFacts | undefined): Explanation {
  const outcome = run.stage?.outcome ?? null;
  const rule = outcome && retryRule(outcome, app?.retry ?? {});
  const attempts = rule ? ` of ${rule.attempts + 1}` : '';
  return explanation(
    'retrying',
    `${capital(stageName(run, app))} is tried again at ${clock(run.notBefore!)} (attempt ${run.attempt + 1}${attempts})` +
      because(run.sentence),
    NOTHING,
  );
}

interface UnderWay {
  readonly run: RunFacts;
  readonly around: Surroundings;
  readonly broker: BrokerFacts;
  /** The app of the stage at which the run stands, and that stage in words. */
  readonly app: AppFacts;
  readonly stage: string;
}

/** What was cancelled so that this run ends; null: nothing was. */
function cancelledOf({ run, generation, cancelledGeneration, batch }: RunFacts): string | null {
  if (generation <= batch.cancelledGeneration) return `Batch ${batch.batch}`;
  return generation <= cancelledGeneration ? `Run ${run}` : null;
}

function explainUnderWay(facts: UnderWay): Explanation {
  const { run, around, app, broker } = facts;
  const cancelled = cancelledOf(run);
  if (cancelled !== null)
    return explanation(
      'cancelling',
      `${cancelled} was cancelled, and ${broker.holder ? `worker ${broker.holder.worker} ends it` : 'it is closed soon'}.`,
      NOTHING,
    );
  return (
    atWork(facts) ??
    unrecorded(facts) ??
    blocked('queued', pausedApp(app)) ??
    putAside(facts) ??
    withoutMessage(facts) ??
    blocked('queued', unservedApp(app, around)) ??
    inTheQueue(facts)
  );
}

function atWork({ run, broker: { holder }, stage }: UnderWay): Explanation | null {
  if (!holder) return null;
  const call = run.stage?.state === 'running' && run.stage.calls > 0 ? ` (call ${run.stage.calls})` : '';
  return explanation(
    'running',
    `${capital(stage)} is with worker ${holder.worker} since ${clock(holder.since)}${call}.`,
    NOTHING,
  );
}

/** What was settled is in the log, and only not recorded yet. */
function unrecorded({ run, around: { lag }, broker, stage }: UnderWay): Explanation | null {
  if ((broker.settledGeneration ?? 0) < run.generation) return null;
  const behind = lag ? `, which is ${countOf(lag, 'event')} behind` : '';
  return explanation(
    'running',
    `${capital(stage)} is settled, and waits for the recorder${behind}.`,
    lag !== null && lag > MAX_LAG ? 'Look at the load of the scheduler and of Postgres.' : NOTHING,
  );
}

function putAside({ broker: { message, deadLetter, installation }, stage }: UnderWay): Explanation | null {
  if (message && message.installation !== null && message.installation !== installation)
    return explanation(
      'queued',
      `The message of ${stage} belongs to another installation (${message.installation}): its worker puts it aside.`,
      'Find out who publishes to this server with another database. The sweep publishes the stage again.',
    );
  if (!message || deadLetter?.of !== message.sequence) return null;
  return explanation(
    'dead-lettered',
    `The message of ${stage} was put aside as ${deadLetter.reason} (dead letter ${deadLetter.sequence})` +
      because(deadLetter.sentence),
    'Nothing: the sweep publishes the stage again within minutes. If it is put aside again, look at who publishes there.',
  );
}

function withoutMessage({ broker: { message, position }, app, stage }: UnderWay): Explanation | null {
  if (!message)
    return explanation(
      'queued',
      `The message of ${stage} is not in STAGES.`,
      'Nothing: the sweep publishes it again within minutes. If this stays, look at the log of the scheduler.',
    );
  if (!position)
    return explanation(
      'queued',
      `The consumer of ${app.name} is not there.`,
      'Nothing: the scheduler makes it again. If this stays, look at its log.',
    );
  return null;
}

function inTheQueue({ run, broker, app, stage }: UnderWay): Explanation {
  const { sequence } = broker.message!;
  const { delivered, acknowledged, unacknowledged } = broker.position!;
  if (sequence > delivered) {
    const parked = run.batch.paused
      ? ` Batch ${run.batch.batch} is paused: it is put back when its turn comes, and goes on after a resume.`
      : '';
    return explanation(
      'queued',
      `${capital(stage)} waits for its turn behind ${countOf(run.aheadInQueue, 'other')}; ${app.name} works on ${unacknowledged} ` +
        `of ${app.concurrency}.${parked}`,
      run.batch.paused ? 'Resume the batch when it may go on.' : NOTHING,
    );
  }
  if (sequence <= acknowledged)
    return explanation(
      'queued',
      `The message of ${stage} is acknowledged, and nothing was settled.`,
      'Nothing: the sweep publishes it again within minutes.',
    );
  return explanation(
    'queued',
    `The message of ${stage} was handed to a worker that has not said that it works on it.`,
    'Nothing: it has just begun, or the broker hands it to another worker after the ack wait.',
  );
}
