import { progressSubject, type StageProgress } from '#libs/contracts';
import type { AbandonedCall } from '#libs/clams';
import { type Delivery, DocumentGone, DocumentUnavailable, type StageMessage, untilAnswered } from '#libs/messaging';
import { adapterOf } from './adapters/registry.js';
import { cancelledResult, documentUnavailableResult, type StageResult } from './adapters/stage-result.js';
import { type Cancelled, isIsolated } from './before-call.js';
import { CallAbort } from './call-abort.js';
import { type EventContext, startedEvent } from './stage-events.js';
import type { StageLog } from './stage-log.js';
import type { StageRunnerParts } from './stage-runner-parts.js';
import type { StageTask } from './stage-task.js';

/** The decision to call became stale before the call started. */
class StaleDecision extends Error {
  override readonly name = 'StaleDecision';
}

export const cancelled = ({ slip }: StageTask, what: Cancelled): StageResult =>
  cancelledResult(what === 'batch' ? `Batch ${slip.batch}` : `Run ${slip.run}`);

/**
 * Calls the apps of stages, from the document to the result.
 *
 * - `started` is announced when the request is about to be sent. When the process stops during the call, the call is
 *   withdrawn, so that it does not count.
 * - An abandoned call is one that timed out or was cancelled while its app may still work on it. `released` waits for
 *   it, so that a serial app never holds two calls; when the process stops, its connection is closed.
 */
export class StageCalls {
  /** Abandoned calls that their apps may still work on. */
  private readonly cooling = new WeakMap<Delivery, AbandonedCall>();

  constructor(
    private readonly parts: Pick<StageRunnerParts, 'link' | 'stopping' | 'adapters' | 'isolated' | 'onStep'>,
    private readonly log: StageLog,
  ) {}

  /** Resolves when the app of a delivery is done with an abandoned call; at once when there is none. */
  async released(delivery: Delivery): Promise<void> {
    await this.cooling.get(delivery)?.released;
  }

  /** Returns 'stale' when the decision to call is too old, and 'restage' when the document is gone from the bucket. */
  async call(
    { app, orders, delivery }: StageMessage,
    task: StageTask,
    { context, isStale }: { readonly context: EventContext; readonly isStale: () => boolean },
  ): Promise<StageResult | 'stale' | 'restage'> {
    const open = () => this.parts.link.documents.open(task.slip.document, task.inline);
    const { batch, run, row, index } = task.slip;
    const abort = new CallAbort(this.parts.stopping, orders, {
      batch,
      run,
      index,
      generation: task.lineage.generation,
    });
    let isAnnounced = false;
    try {
      const document = await untilAnswered(open, abort.signal, (error) => error instanceof DocumentUnavailable);
      const onSending = () => {
        if (isStale()) throw new StaleDecision();
        if (isAnnounced) return;
        isAnnounced = true;
        this.log.announce(startedEvent(task, context));
        this.parts.onStep?.('announced');
      };
      const onProgress = (progress: StageProgress) =>
        this.parts.link.connection.publish(progressSubject(task.slip), JSON.stringify({ row, ...progress }));
      const adapter = isIsolated(context.call) ? this.parts.isolated : adapterOf(this.parts.adapters, app);
      const onAbandoned = (abandoned: AbandonedCall) => this.coolDown(delivery, abandoned);
      return await adapter.call(app, task, document, { onSending, onAbandoned, onProgress, signal: abort.signal });
    } catch (error) {
      if (error instanceof StaleDecision) return 'stale';
      if (abort.cancelled) return cancelled(task, abort.cancelled);
      if (this.parts.stopping.aborted && isAnnounced) await this.withdraw(task, context);
      if (error instanceof DocumentGone) return 'restage';
      if (!(error instanceof DocumentUnavailable)) throw error;
      return documentUnavailableResult(task.stage.app, error.message);
    } finally {
      abort.close();
    }
  }

  /** The number of calls before this one is stored again. */
  private withdraw(task: StageTask, context: EventContext): Promise<void> {
    return this.log.withdraw(startedEvent(task, { ...context, call: context.call - 1 }));
  }

  private coolDown(delivery: Delivery, abandoned: AbandonedCall): void {
    this.cooling.set(delivery, abandoned);
    const { disconnect, released } = abandoned;
    if (this.parts.stopping.aborted) return disconnect();
    this.parts.stopping.addEventListener('abort', disconnect, { once: true });
    void released.then(() => this.parts.stopping.removeEventListener('abort', disconnect));
  }
}
