import type { StageEvent } from '#libs/contracts';
import type { RunsInProgress } from '#libs/database';

/** A stage that is done, although Postgres does not know it yet. */
export type DoneStage = Pick<StageEvent, 'batch' | 'run' | 'index' | 'stages'>;

/**
 * The runs in progress after stages that are done and not recorded yet, in the order of the log: their runs have left
 * an app, so its credits are free. A run that Postgres does not count where the first of these stages is moves nowhere:
 * it was cancelled, or the event is old.
 */
export function withObservedMoves(
  recorded: readonly RunsInProgress[],
  done: readonly DoneStage[],
): readonly RunsInProgress[] {
  if (done.length === 0) return recorded;
  const loads = recorded.map((load) => ({ ...load }));
  const at = (batch: number, stage: number) =>
    loads.find((load) => load.batch === batch && load.nextIndex === stage && load.count > 0);
  for (const { batch, from, to, stages } of movesOf(done)) {
    const left = at(batch, from);
    if (!left) continue;
    left.count -= 1;
    if (to === stages) continue;
    const reached = at(batch, to);
    if (reached) reached.count += 1;
    else loads.push({ ...left, nextIndex: to, held: false, count: 1 });
  }
  return loads.filter(({ count }) => count > 0);
}

interface Move {
  readonly batch: number;
  /** Index of the stage that Postgres knows as the next one. */
  readonly from: number;
  /** Index of the stage that is next in fact. */
  to: number;
  readonly stages: number;
}

/** One move per run, from its first done stage to the stage after its last. */
function movesOf(done: readonly DoneStage[]): Iterable<Move> {
  const moves = new Map<number, Move>();
  for (const { batch, run, index, stages } of done) {
    const move = moves.get(run);
    if (move) move.to = Math.max(move.to, index + 1);
    else moves.set(run, { batch, from: index, to: index + 1, stages });
  }
  return moves.values();
}
