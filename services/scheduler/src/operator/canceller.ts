import { Injectable } from '@nestjs/common';
import { type CommandAnswer, countOf, type OperatorRequest } from '#libs/contracts';
import { type Cancellation, CancelRepository, type RunCancellation } from '#libs/database';
import { BatchCancellations } from './batch-cancellations.js';
import { CommandEffects } from './command-effects.js';
import { are } from './phrases.js';
import { noSuch, notNow } from './refusals.js';
import { RUNS_PER_SLICE } from '../scheduler-settings.js';

/** Cancels batches and single runs. */
@Injectable()
export class Canceller {
  constructor(
    private readonly batches: CancelRepository,
    private readonly effects: CommandEffects,
    private readonly cancellations: BatchCancellations,
  ) {}

  /** Throws OperatorRefusal when the batch or run does not exist, or has nothing left to cancel. */
  cancel(request: OperatorRequest<'cancel'>): Promise<CommandAnswer> {
    return request.run === undefined ? this.cancelBatch(request, request.batch!) : this.cancelRun(request, request.run);
  }

  private async cancelBatch(request: OperatorRequest<'cancel'>, batch: number): Promise<CommandAnswer> {
    const { actor, dryRun } = request;
    const cancellation = await this.batches.cancel(batch, { verb: 'cancel', actor, request }, { dryRun });
    if (!cancellation) throw noSuch('batch', batch);
    const { state, change } = cancellation;
    if (state === 'draft') throw notNow(`Batch ${batch} has not been started, so there is nothing to cancel.`);
    if (state === 'finished') throw notNow(`Batch ${batch} has finished, so there is nothing to cancel.`);
    if (change) {
      await this.effects.follow([change]);
      await this.effects.attempt('cancelling waiting runs', () => this.cancellations.first(batch));
    }
    return cancelAnswer(batch, cancellation, dryRun);
  }

  private async cancelRun(request: OperatorRequest<'cancel'>, run: number): Promise<CommandAnswer> {
    const { actor, dryRun } = request;
    const cancellation = await this.batches.cancelRun(run, { verb: 'cancel', actor, request }, { dryRun });
    if (!cancellation) throw noSuch('run', run);
    const { state, batch, batchState, guid, change } = cancellation;
    if (batchState === 'draft')
      throw notNow(`Batch ${batch} has not been started: remove ${guid} from it instead of cancelling run ${run}.`);
    if (state !== 'waiting' && state !== 'running')
      throw notNow(`Run ${run} (${guid}) is ${state}, so there is nothing to cancel.`);
    if (change) await this.effects.follow([change]);
    return runCancelAnswer(run, cancellation, dryRun);
  }
}

/** The answer to the cancellation of one run. */
export function runCancelAnswer(run: number, cancellation: RunCancellation, dryRun: boolean): CommandAnswer {
  const { guid, state, isRepeated } = cancellation;
  const name = `Run ${run} (${guid})`;
  const stopping = dryRun ? 'would be stopped' : 'is being stopped';
  const ending = state === 'waiting' ? `${dryRun ? 'would be' : 'is'} cancelled` : `${stopping} by its worker`;
  const sentence = isRepeated ? `${name} is already cancelled and is being stopped.` : `${name} ${ending}.`;
  return { ok: true, dryRun, count: isRepeated ? 0 : 1, sentence, items: [guid] };
}

/** The answer to the cancellation of a batch. */
export function cancelAnswer(batch: number, cancellation: Cancellation, dryRun: boolean): CommandAnswer {
  const { waiting, running, isRepeated } = cancellation;
  const inProgress = `${countOf(running, 'run')} in progress`;
  const isSliced = isRepeated || waiting > RUNS_PER_SLICE;
  const cancelled = dryRun ? 'would be cancelled' : `${are(waiting)} ${isSliced ? 'being ' : ''}cancelled`;
  const rest = waiting > 0 ? `${countOf(waiting, 'waiting run')} ${cancelled}; ` : '';
  const stopping = dryRun ? 'would be stopped' : `${are(running)} being stopped`;
  const sentence = isRepeated
    ? `Batch ${batch} is already cancelled; ${rest}${inProgress} ${are(running)} being stopped.`
    : `${countOf(waiting, 'waiting run')} ${cancelled}; ` +
      `${inProgress} ${stopping} by ${running === 1 ? 'its worker' : 'their workers'}.`;
  return { ok: true, dryRun, count: isRepeated ? 0 : waiting + running, sentence, items: [] };
}
