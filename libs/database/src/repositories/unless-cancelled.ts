import type { RunRow } from './run-transition.js';
import type { StageChange } from './stage-change.js';

/**
 * A stage that was parked while its batch was paused does not wait when its batch was cancelled since: it would be
 * published again as a new generation, which the cancellation does not mean.
 */
export function unlessCancelled(change: StageChange, { batch, cancelledGeneration }: RunRow): StageChange {
  if (change.state !== 'waiting' || change.generation > cancelledGeneration) return change;
  return { ...change, state: 'cancelled', outcome: 'cancelled', sentence: `Batch ${batch} was cancelled.` };
}
