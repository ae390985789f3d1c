import { Injectable } from '@nestjs/common';
import { type CommandAnswer, countOf, type OperatorRequest } from '#libs/contracts';
import { type AppPause, type BatchPause, type Pause, PauseRepository } from '#libs/database';
import { CommandEffects } from './command-effects.js';
import { Holder } from './holder.js';
import { because, clock } from './phrases.js';
import { noSuch, notNow } from './refusals.js';

type Request = OperatorRequest<'pause'> | OperatorRequest<'resume'>;

/** Pauses and resumes batches and apps. */
@Injectable()
export class Pauser {
  constructor(
    private readonly pauses: PauseRepository,
    private readonly effects: CommandEffects,
    private readonly holder: Holder,
  ) {}

  /** Throws OperatorRefusal when the batch or app does not exist, or the batch is not running. */
  pause(request: OperatorRequest<'pause'>): Promise<CommandAnswer> {
    return request.batch === undefined ? this.app(request, true) : this.batch(request, true);
  }

  /** Throws OperatorRefusal when the batch or app does not exist. */
  resume(request: OperatorRequest<'resume'>): Promise<CommandAnswer> {
    if (request.stage !== undefined) return this.holder.resume(request, request.stage);
    return request.batch === undefined ? this.app(request, false) : this.batch(request, false);
  }

  private async batch(request: Request, paused: boolean): Promise<CommandAnswer> {
    const { dryRun } = request;
    const batch = request.batch!;
    const outcome = await this.pauses.batch(batch, commandOf(request, paused), { paused, dryRun });
    if (!outcome) throw noSuch('batch', batch);
    if (paused && outcome.state !== 'running')
      throw notNow(
        `Batch ${batch} ${outcome.state === 'draft' ? 'has not been started' : 'has finished'}, so there is nothing to pause.`,
      );
    if (outcome.changes.length > 0) await this.effects.follow(outcome.changes);
    return batchPauseAnswer(batch, outcome, { paused, dryRun });
  }

  private async app(request: Request, paused: boolean): Promise<CommandAnswer> {
    const { dryRun } = request;
    const app = request.app!;
    const why = 'why' in request ? request.why : '';
    const outcome = await this.pauses.app(app, commandOf(request, paused), { paused, why, dryRun });
    if (!outcome) throw noSuch('app', app);
    if (!dryRun && !outcome.isAlready) await this.effects.follow(outcome.changes);
    return appPauseAnswer(outcome, { paused, dryRun });
  }
}

const commandOf = (request: Request, paused: boolean) => ({
  verb: paused ? ('pause' as const) : ('resume' as const),
  actor: request.actor,
  request,
});

interface PauseRequest {
  readonly paused: boolean;
  readonly dryRun: boolean;
}

const by = ({ by: who, at, why }: Pause): string => `by ${who} at ${clock(at.getTime())}${because(why)}`;
const answer = (dryRun: boolean, number: number, sentence: string): CommandAnswer => ({
  ok: true,
  dryRun,
  count: number,
  sentence,
  items: [],
});

/** The answer to pausing or resuming a batch; a repetition changes nothing. */
export function batchPauseAnswer(batch: number, outcome: BatchPause, { paused, dryRun }: PauseRequest): CommandAnswer {
  const { before, waiting, running } = outcome;
  const name = `Batch ${batch}`;
  if (paused && before) return answer(dryRun, 0, `${name} was already paused ${by(before)}`);
  if (!paused && !before) return answer(dryRun, 0, `${name} is not paused.`);
  const verb = dryRun ? 'would be' : 'is';
  const stages = `${countOf(running, 'run')} in progress ${running === 1 ? 'finishes its current stage' : 'finish their current stages'}`;
  return paused
    ? answer(
        dryRun,
        waiting + running,
        `${name} ${verb} paused: ${stages}, and ${countOf(waiting, 'run')} ${waiting === 1 ? 'waits' : 'wait'}.`,
      )
    : answer(dryRun, waiting, `${name} ${verb} resumed: ${countOf(waiting, 'waiting run')} may continue.`);
}

/** The answer to pausing or resuming an app; a repetition changes nothing. */
export function appPauseAnswer({ name, before, isAlready }: AppPause, { paused, dryRun }: PauseRequest): CommandAnswer {
  if (isAlready)
    return answer(dryRun, 0, before ? `${name} was already paused ${by(before)}` : `${name} is not paused.`);
  const verb = dryRun ? 'would be' : 'is';
  return paused
    ? answer(dryRun, 1, `${name} ${verb} paused: its workers finish their current calls and start no more.`)
    : answer(dryRun, 1, `${name} ${verb} resumed; it was paused ${by(before!)}`);
}
