import type { BatchOrders } from '#libs/messaging';

/** Which batch's orders concern a call, and in which generation. */
interface Concern {
  readonly batch: number;
  readonly generation: number;
}

/** Ends a call before its answer: when the worker stops, or when its batch is cancelled. */
export class CallEnding {
  private readonly controller = new AbortController();
  private readonly stopListening: () => void;
  private cancelled = false;

  constructor(
    private readonly stopping: AbortSignal,
    private readonly orders: BatchOrders,
    private readonly concern: Concern,
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

  /** True when the call was ended because its batch was cancelled, and not because the worker stops. */
  get wasCancelled(): boolean {
    return this.cancelled && !this.stopping.aborted;
  }

  close(): void {
    this.stopListening();
  }

  private look(): void {
    const { batch, generation } = this.concern;
    if (this.orders.of(batch, generation) !== 'cancelled') return;
    this.cancelled = true;
    this.controller.abort(new Error(`Batch ${batch} was cancelled.`));
  }
}
