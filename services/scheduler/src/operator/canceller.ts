import type { CommandAnswer, OperatorRequest } from '#libs/contracts';
import type { Cancellation, CancelRepository } from '#libs/database';
import type { CommandEffects } from './command-effects.js';
import { noSuch, notNow } from './refusals.js';
import { are, count } from './words.js';

/** Cancels batches. */
export class Canceller {
  constructor(
    private readonly batches: CancelRepository,
    private readonly effects: CommandEffects,
  ) {}

  /** Throws OperatorRefusal when there is no such batch, or nothing of it is left to cancel. */
  async cancel(request: OperatorRequest<'cancel'>): Promise<CommandAnswer> {
    const { batch, actor, dryRun } = request;
    const cancellation = await this.batches.cancel(batch, { verb: 'cancel', actor, request }, { dryRun });
    if (!cancellation) throw noSuch('batch', batch);
    const { state, change } = cancellation;
    if (state === 'draft') throw notNow(`Batch ${batch} has not been started: there is nothing to cancel.`);
    if (state === 'finished') throw notNow(`Batch ${batch} has finished: there is nothing to cancel.`);
    if (change) await this.effects.follow([change]);
    return cancelAnswer(batch, cancellation, dryRun);
  }
}

/** What became of a cancellation, or would become. */
export function cancelAnswer(batch: number, cancellation: Cancellation, dryRun: boolean): CommandAnswer {
  const { waiting, running, isRepeated } = cancellation;
  const underWay = `${count(running, 'run')} under way`;
  const sentence = isRepeated
    ? `Batch ${batch} is cancelled already: ${underWay} ${are(running)} being ended.`
    : `${count(waiting, 'waiting run')} ${dryRun ? 'would be' : are(waiting)} cancelled; ${underWay} ` +
      `${dryRun ? 'would be' : are(running)} ended by ${running === 1 ? 'its worker' : 'their workers'}.`;
  return { ok: true, dryRun, count: isRepeated ? 0 : waiting + running, sentence, items: [] };
}
