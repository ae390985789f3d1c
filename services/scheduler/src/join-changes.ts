import type { CellChange } from '#libs/contracts';
import type { BatchChange } from '#libs/database';

/** The combined changes of several commits of one batch. */
export interface JoinedChange {
  readonly from: number;
  readonly to: number;
  readonly cells: readonly CellChange[];
}

/**
 * Joins changes of one batch, which may be in any order. Null when a version between them is missing or has no list of
 * cells: clients with an older version must then read a snapshot.
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
