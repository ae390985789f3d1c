import type { CellChange } from '#libs/contracts';

/** Above this number of cells, clients read a snapshot faster than a list of changes. */
const MAX_CELLS = 2000;

/** The cells that a command changed, or null when they are too many for a list. */
export function changedCells<Run>(
  runs: readonly Run[],
  cellsOf: (run: Run) => readonly CellChange[],
): readonly CellChange[] | null {
  if (runs.length > MAX_CELLS) return null;
  const cells = runs.flatMap(cellsOf);
  return cells.length > MAX_CELLS ? null : cells;
}
