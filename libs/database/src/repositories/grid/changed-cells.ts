import type { CellChange } from '#libs/contracts';

/** Beyond this many cells a snapshot is read faster than its changes. */
const MAX_CELLS = 2000;

/** The cells that a command has changed, or null when they are too many to tell one by one. */
export function toldCells<Run>(
  runs: readonly Run[],
  cellsOf: (run: Run) => readonly CellChange[],
): readonly CellChange[] | null {
  if (runs.length > MAX_CELLS) return null;
  const cells = runs.flatMap(cellsOf);
  return cells.length > MAX_CELLS ? null : cells;
}
