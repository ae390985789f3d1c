import type { BatchOrders, OrderedStage } from '#libs/messaging';
import type { Cancelled } from './before-call.js';

/** Ends a call before its answer: when the worker stops, or when its batch or its run is cancelled. */
export class CallEnding {
  private readonly controller = new AbortController();
  private readonly stopListening: () => void;
  private ended: Cancelled | null = null;

  constructor(
    private readonly stopping: AbortSignal,
    private readonly orders: BatchOrders,
    private readonly concern: OrderedStage,
  ) {
    const stop = () => this.controller.abort(stopping.reason);
    const unsubscribe = orders.onChange(() => this.look());
    stopping.addEventListener('abort', stop, { once: true });
    this.stopListening = () => {
      stopping.removeEventListener('abort', stop);
      unsubscribe();
    };
    if (stopping.aborted) stop();
    // What was ordered between the decision to call and now.
    this.look();
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** What was cancelled, so that the call was ended; null: nothing was, or the worker stops. */
  get cancelled(): Cancelled | null {
    return this.stopping.aborted ? null : this.ended;
  }

  close(): void {
    this.stopListening();
  }

  private look(): void {
    const order = this.orders.of(this.concern);
    if (order === null || order === 'paused') return;
    this.ended = order === 'cancelled' ? 'batch' : 'run';
    this.controller.abort(new Error(`The ${this.ended} was cancelled.`));
  }
}
