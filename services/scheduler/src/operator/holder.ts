import { Injectable } from '@nestjs/common';
import { type CommandAnswer, countOf, type OperatorRequest } from '#libs/contracts';
import { type BatchHold, HoldRepository } from '#libs/database';
import { CommandEffects } from './command-effects.js';
import { because, clock } from './phrases.js';
import { noSuch, notNow } from './refusals.js';

/** Holds batches at a stage, and ends holds. */
@Injectable()
export class Holder {
  constructor(
    private readonly holds: HoldRepository,
    private readonly effects: CommandEffects,
  ) {}

  /** Throws OperatorRefusal when the batch does not exist, is not running, or has no such stage. */
  hold(request: OperatorRequest<'hold'>): Promise<CommandAnswer> {
    return this.apply(request, { verb: 'hold', held: true, stage: request.stage, why: request.why });
  }

  /** Ends a hold, also one of the circuit breaker. Throws OperatorRefusal when the batch does not exist. */
  resume(request: OperatorRequest<'resume'>, stage: number): Promise<CommandAnswer> {
    return this.apply(request, { verb: 'resume', held: false, stage, why: '' });
  }

  private async apply(
    request: OperatorRequest<'hold'> | OperatorRequest<'resume'>,
    { verb, ...target }: { verb: 'hold' | 'resume'; held: boolean; stage: number; why: string },
  ): Promise<CommandAnswer> {
    const { actor, dryRun } = request;
    const batch = request.batch!;
    const outcome = await this.holds.apply({ ...target, batch, dryRun }, { verb, actor, request });
    if (!outcome) throw noSuch('batch', batch);
    if (target.stage >= outcome.stages)
      throw notNow(`Batch ${batch} has ${countOf(outcome.stages, 'stage')}, counted from 0: name one of them.`);
    if (target.held && outcome.state !== 'running')
      throw notNow(`Batch ${batch} is not running, so there is nothing to hold.`);
    if (outcome.change) await this.effects.follow([outcome.change]);
    return { ok: true, dryRun, ...holdAnswer(batch, target, outcome, dryRun), items: [] };
  }
}

/** The answer to holding a batch or ending its hold; a repetition changes nothing. */
export function holdAnswer(
  batch: number,
  { stage, held }: { readonly stage: number; readonly held: boolean },
  { before, waiting }: Pick<BatchHold, 'before' | 'waiting'>,
  dryRun: boolean,
): Pick<CommandAnswer, 'count' | 'sentence'> {
  const verb = dryRun ? 'would be' : 'is';
  const name = `Batch ${batch}`;
  if (held)
    return {
      count: waiting,
      sentence: `${name} ${verb} held at stage ${stage}: calls in progress finish, and no file starts this stage.`,
    };
  if (!before) return { count: 0, sentence: `${name} is not held at stage ${stage}.` };
  const { by, reason, since } = before;
  return {
    count: waiting,
    sentence: `${name} ${verb} resumed at stage ${stage}; it was held by ${by} since ${clock(since.getTime())}${because(reason)}`,
  };
}
