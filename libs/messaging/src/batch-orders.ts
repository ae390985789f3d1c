import type { BatchControl } from '#libs/contracts';

/** Why a stage is not called for, or its call is ended. */
export type BatchOrder = 'cancelled' | 'paused';

/** What the scheduler has said about batches, as far as this process has heard. */
export class BatchOrders {
  private readonly batches = new Map<number, BatchControl>();
  private readonly listeners = new Set<() => void>();

  /** Takes over what the control bucket says of a batch. */
  set(control: BatchControl): void {
    this.batches.set(control.batch, control);
    this.listeners.forEach((listener) => listener());
  }

  /** What holds for stages of a generation of a batch; null: nothing. A cancellation weighs more than a pause. */
  of(batch: number, generation: number): BatchOrder | null {
    const control = this.batches.get(batch);
    if (!control) return null;
    if (generation <= control.cancelledGeneration) return 'cancelled';
    return control.paused ? 'paused' : null;
  }

  /** Calls back whenever anything was said, until the returned function is called. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
