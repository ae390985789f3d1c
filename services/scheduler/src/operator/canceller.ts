import { type CommandAnswer, countOf, type OperatorRequest } from '#libs/contracts';
import type { Cancellation, CancelRepository, RunCancellation } from '#libs/database';
import type { CommandEffects } from './command-effects.js';
import { noSuch, notNow } from './refusals.js';
import { are } from './words.js';

/** Cancels batches and single runs. */
export class Canceller {
  constructor(
    private readonly batches: CancelRepository,
    private readonly effects: CommandEffects,
  ) {}

  /** Throws OperatorRefusal when there is no such batch or run, or nothing of it is left to cancel. */
  cancel(request: OperatorRequest<'cancel'>): Promise<CommandAnswer> {
    return request.run === undefined ? this.cancelBatch(request, request.batch!) : this.cancelRun(request, request.run);
  }

  private async cancelBatch(request: OperatorRequest<'cancel'>, batch: number): Promise<CommandAnswer> {
    const { actor, dryRun } = request;
    const cancellation = await this.batches.cancel(batch, { verb: 'cancel', actor, request }, { dryRun });
    if (!cancellation) throw noSuch('batch', batch);
    const { state, change } = cancellation;
    if (state === 'draft') throw notNow(`Batch ${batch} has not been started: there is nothing to cancel.`);
    if (state === 'finished') throw notNow(`Batch ${batch} has finished: there is nothing to cancel.`);
    if (change) await this.effects.follow([change]);
    return cancelAnswer(batch, cancellation, dryRun);
  }

  private async cancelRun(request: OperatorRequest<'cancel'>, run: number): Promise<CommandAnswer> {
    const { actor, dryRun } = request;
    const cancellation = await this.batches.cancelRun(run, { verb: 'cancel', actor, request }, { dryRun });
    if (!cancellation) throw noSuch('run', run);
    const { state, batch, batchState, guid, change } = cancellation;
    if (batchState === 'draft')
      throw notNow(`Batch ${batch} has not been started: take ${guid} out of it, instead of cancelling run ${run}.`);
    if (state !== 'waiting' && state !== 'running')
      throw notNow(`Run ${run} (${guid}) is ${state}: there is nothing to cancel.`);
    if (change) await this.effects.follow([change]);
    return runCancelAnswer(run, cancellation, dryRun);
  }
}

/** What became of the cancellation of one run, or would become. */
export function runCancelAnswer(run: number, cancellation: RunCancellation, dryRun: boolean): CommandAnswer {
  const { guid, state, isRepeated } = cancellation;
  const name = `Run ${run} (${guid})`;
  const verb = dryRun ? 'would be' : 'is';
  const ending = state === 'waiting' ? `${verb} cancelled` : `${verb} ended by its worker`;
  const sentence = isRepeated ? `${name} is cancelled already: it is being ended.` : `${name} ${ending}.`;
  return { ok: true, dryRun, count: isRepeated ? 0 : 1, sentence, items: [guid] };
}

/** What became of a cancellation, or would become. */
export function cancelAnswer(batch: number, cancellation: Cancellation, dryRun: boolean): CommandAnswer {
  const { waiting, running, isRepeated } = cancellation;
  const underWay = `${countOf(running, 'run')} under way`;
  const sentence = isRepeated
    ? `Batch ${batch} is cancelled already: ${underWay} ${are(running)} being ended.`
    : `${countOf(waiting, 'waiting run')} ${dryRun ? 'would be' : are(waiting)} cancelled; ${underWay} ` +
      `${dryRun ? 'would be' : are(running)} ended by ${running === 1 ? 'its worker' : 'their workers'}.`;
  return { ok: true, dryRun, count: isRepeated ? 0 : waiting + running, sentence, items: [] };
}
