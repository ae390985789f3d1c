import type { RunState, StageRunView } from '#libs/contracts';

/** Marks the stages after the one at which their run failed or was cancelled: they are `waiting` but will not run. */
export function markUnreached(run: RunState, stages: readonly StageRunView[]): StageRunView[] {
  if (run !== 'failed' && run !== 'cancelled') return [...stages];
  const end = stages.findIndex(({ state }) => state === run);
  if (end < 0) return [...stages];
  const notReached = `Not reached: the run ${run === 'failed' ? 'failed' : 'was cancelled'} at stage ${end} (${stages[end]!.name}).`;
  return stages.map((stage, index) => (index > end && stage.state === 'waiting' ? { ...stage, notReached } : stage));
}
