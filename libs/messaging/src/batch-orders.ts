import type { BatchControl } from '#libs/contracts';

/** Why a stage is not called for, or its call is ended: its batch or its run was cancelled, or its batch is paused. */
export type BatchOrder = 'cancelled' | 'run-cancelled' | 'paused';

/** What orders are about. */
export interface OrderedStage {
  readonly batch: number;
  readonly run: number;
  readonly generation: number;
}

/** What the scheduler has said about batches, as far as this process has heard. */
export class BatchOrders {
  private readonly batches = new Map<number, BatchControl>();
  private readonly listeners = new Set<() => void>();

  /** Takes over what the control bucket says of a batch. */
  set(control: BatchControl): void {
    this.batches.set(control.batch, control);
    this.listeners.forEach((listener) => listener());
  }

  /** What holds for a stage; null: nothing. A cancellation weighs more than a pause. */
  of({ batch, run, generation }: OrderedStage): BatchOrder | null {
    const control = this.batches.get(batch);
    if (!control) return null;
    if (generation <= control.cancelledGeneration) return 'cancelled';
    const own = control.cancelledRuns?.find((cancelled) => cancelled.run === run);
    if (own && generation <= own.generation) return 'run-cancelled';
    return control.paused ? 'paused' : null;
  }

  /** Calls back whenever anything was said, until the returned function is called. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
