import type { BatchControl } from '#libs/contracts';

/**
 * Why a stage must not run or its call must end: its batch or its run was cancelled, or its batch is paused or held at
 * this stage.
 */
export type BatchOrder = 'cancelled' | 'run-cancelled' | 'paused';

/** The stage of a run that an order may apply to. */
export interface OrderedStage {
  readonly batch: number;
  readonly run: number;
  readonly index: number;
  readonly generation: number;
}

/** The latest orders of the scheduler for each batch, as far as this process has received them. */
export class BatchOrders {
  private readonly batches = new Map<number, BatchControl>();
  private readonly listeners = new Set<() => void>();

  /** Stores the control value of a batch. */
  set(control: BatchControl): void {
    this.batches.set(control.batch, control);
    this.listeners.forEach((listener) => listener());
  }

  /** The order that applies to a stage; null: none. A cancellation takes precedence over a pause. */
  of({ batch, run, index, generation }: OrderedStage): BatchOrder | null {
    const control = this.batches.get(batch);
    if (!control) return null;
    if (generation <= control.cancelledGeneration) return 'cancelled';
    const own = control.cancelledRuns?.find((cancelled) => cancelled.run === run);
    if (own && generation <= own.generation) return 'run-cancelled';
    const isHeld = control.held?.some(({ stage, probe }) => stage === index && probe !== run);
    return control.paused || isHeld ? 'paused' : null;
  }

  /** Calls back after every change, until the returned function is called. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
