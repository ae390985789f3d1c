import type { BatchOrders, OrderedStage } from '#libs/messaging';
import type { Cancelled } from './before-call.js';

/** Aborts a call before its answer: when the worker stops, or when the batch or the run is cancelled. */
export class CallAbort {
  private readonly controller = new AbortController();
  private readonly stopListening: () => void;
  private reason: Cancelled | null = null;

  constructor(
    private readonly stopping: AbortSignal,
    private readonly orders: BatchOrders,
    private readonly stage: OrderedStage,
  ) {
    const stop = () => this.controller.abort(stopping.reason);
    const unsubscribe = orders.onChange(() => this.abortIfCancelled());
    stopping.addEventListener('abort', stop, { once: true });
    this.stopListening = () => {
      stopping.removeEventListener('abort', stop);
      unsubscribe();
    };
    if (stopping.aborted) stop();
    // An order may have arrived since the decision to call.
    this.abortIfCancelled();
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** What was cancelled, if that aborted the call; null when nothing was, or when the worker stops. */
  get cancelled(): Cancelled | null {
    return this.stopping.aborted ? null : this.reason;
  }

  close(): void {
    this.stopListening();
  }

  private abortIfCancelled(): void {
    const order = this.orders.of(this.stage);
    if (order === null || order === 'paused') return;
    this.reason = order === 'cancelled' ? 'batch' : 'run';
    this.controller.abort(new Error(`The ${this.reason} was cancelled.`));
  }
}
