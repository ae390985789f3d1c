import type { RunRow } from './run-transition.js';
import type { StageChange } from './stage-change.js';

/** Whether stages of a generation of a run were cancelled, with its batch or by itself. */
export const isCancelled = ({ cancelledGeneration, ownCancelledGeneration }: RunRow, generation: number): boolean =>
  generation <= cancelledGeneration || generation <= ownCancelledGeneration;

/**
 * A stage that was parked while its batch was paused does not wait when its batch or its run was cancelled since: it
 * would be published again as a new generation, which the cancellation does not mean.
 */
export function unlessCancelled(change: StageChange, run: RunRow): StageChange {
  if (change.state !== 'waiting' || !isCancelled(run, change.generation)) return change;
  const what = change.generation <= run.cancelledGeneration ? `Batch ${run.batch}` : `Run ${run.id}`;
  return { ...change, state: 'cancelled', outcome: 'cancelled', sentence: `${what} was cancelled.` };
}
