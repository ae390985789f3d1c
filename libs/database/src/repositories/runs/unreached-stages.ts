import type { RunState, StageRunView } from '#libs/contracts';

/** Says of stages behind the one at which their run ended that they were not reached: they are `waiting` for nothing. */
export function tellNotReached(run: RunState, stages: readonly StageRunView[]): StageRunView[] {
  if (run !== 'failed' && run !== 'cancelled') return [...stages];
  const end = stages.findIndex(({ state }) => state === run);
  if (end < 0) return [...stages];
  const notReached = `Not reached: its run ${run === 'failed' ? 'failed' : 'was cancelled'} at stage ${end} (${stages[end]!.name}).`;
  return stages.map((stage, index) => (index > end && stage.state === 'waiting' ? { ...stage, notReached } : stage));
}
