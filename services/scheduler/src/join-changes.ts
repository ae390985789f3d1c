import type { CellChange } from '#libs/contracts';
import type { BatchChange } from '#libs/database';

/** What several commits of one batch have changed together. */
export interface JoinedChange {
  readonly from: number;
  readonly to: number;
  readonly cells: readonly CellChange[];
}

/**
 * Joins changes of one batch; null when a version between them is missing, or did not tell its cells: who holds an
 * older version has to read a snapshot then. They may be given in another order than they were committed in.
 */
export function joinChanges(changes: readonly BatchChange[]): JoinedChange | null {
  const sorted = [...changes].sort((a, b) => a.from - b.from);
  const cells: CellChange[] = [];
  for (const [position, change] of sorted.entries()) {
    const before = sorted[position - 1];
    if (!change.cells || (before && before.to !== change.from)) return null;
    cells.push(...change.cells);
  }
  return { from: sorted[0]!.from, to: sorted.at(-1)!.to, cells };
}
