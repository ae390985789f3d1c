import {
  type CellChange,
  type CellsChange,
  cellCode,
  readCell,
  type StageProgress,
  unpackCells,
} from '#libs/contracts';

/** Result of a change: applied, already known, or not applicable because an earlier change is missing. */
export type Applied = 'applied' | 'known' | 'gap';

const RUNNING = cellCode('running');

/**
 * The states and marks of all cells of one batch (files × stages) at one version, one byte each. It is a store outside
 * React that notifies listeners per row, so that a row renders again only if it changed.
 */
export class CellGrid {
  private cells: Uint8Array = new Uint8Array();
  private changes = new Uint32Array();
  private readonly reports = new Map<number, { readonly index: number; readonly progress: StageProgress }>();
  private readonly listeners = new Map<number, Set<() => void>>();
  private current = -1;

  constructor(readonly stages: number) {}

  /** Batch version of the cells; -1 before the first snapshot. */
  get version(): number {
    return this.current;
  }

  get rows(): number {
    return this.changes.length;
  }

  /** Loads a snapshot, unless it is older than the current version. */
  load(version: number, cells: Uint8Array): void {
    if (version < this.current) return;
    const before = this.cells;
    const rows = Math.floor(cells.length / this.stages);
    const changes = new Uint32Array(rows);
    changes.set(this.changes.subarray(0, rows));
    this.cells = cells;
    this.changes = changes;
    this.current = version;
    for (let row = 0; row < rows; row += 1) {
      const [start, end] = [row * this.stages, (row + 1) * this.stages];
      if (start >= before.length || cells.subarray(start, end).some((code, i) => code !== before[start + i])) {
        this.changed(row);
      }
    }
  }

  /**
   * Applies a change that starts at or before the current version. States are absolute, so repeated parts are
   * harmless.
   */
  apply({ from, to, cells }: CellsChange): Applied {
    if (to <= this.current) return 'known';
    const changes = from > this.current ? null : unpackCells(cells, this.stages);
    if (!changes || changes.some(({ row }) => row >= this.rows)) return 'gap';
    for (const { row, index, state, mark } of changes) this.cells[row * this.stages + index] = cellCode(state, mark);
    for (const row of new Set(changes.map((change) => change.row))) this.changed(row);
    this.current = to;
    return 'applied';
  }

  /** Stores how far the running stage of a row is. */
  report(row: number, index: number, progress: StageProgress): void {
    if (row >= this.rows) return;
    this.reports.set(row, { index, progress });
    this.touch(row);
  }

  /** State and mark of a cell; `waiting` before the first snapshot. */
  cell(row: number, index: number): Pick<CellChange, 'state' | 'mark'> {
    return readCell(this.cells[row * this.stages + index] ?? cellCode('waiting'));
  }

  /** How far a running stage is; null: unknown. */
  progress(row: number, index: number): StageProgress | null {
    const known = this.reports.get(row);
    const isRunning = this.cells[row * this.stages + index] === RUNNING;
    return isRunning && known?.index === index ? known.progress : null;
  }

  /** A number that increases with each change of the row. */
  changeOf(row: number): number {
    return this.changes[row] ?? 0;
  }

  onRow(row: number, listener: () => void): () => void {
    const listeners = this.listeners.get(row) ?? new Set();
    this.listeners.set(row, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.listeners.delete(row);
    };
  }

  // The progress of one attempt must not appear in the next one.
  private changed(row: number): void {
    const known = this.reports.get(row);
    if (known && this.progress(row, known.index) === null) this.reports.delete(row);
    this.touch(row);
  }

  private touch(row: number): void {
    this.changes[row] = (this.changes[row] ?? 0) + 1;
    this.listeners.get(row)?.forEach((listener) => listener());
  }
}
