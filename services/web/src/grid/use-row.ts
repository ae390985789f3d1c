import { useSyncExternalStore } from 'react';
import type { CellGrid } from './cell-grid.js';

/** Renders the component again whenever the row changes. */
export function useRow(grid: CellGrid, row: number): number {
  return useSyncExternalStore(
    (listener) => grid.onRow(row, listener),
    () => grid.changeOf(row),
  );
}
