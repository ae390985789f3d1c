import { type CellChange, type CellsChange, cellCode, readCell, unpackCells } from '#libs/contracts';

/** What became of a change: taken over, known before, or out of reach because something before it is missing. */
export type Applied = 'applied' | 'known' | 'gap';

const RUNNING = cellCode('running');

/**
 * The states and marks of all cells of one batch (files × stages) at one version, one byte each; rows tell their
 * listeners when they change. A store outside React: a row is drawn again only when it changed itself.
 */
export class CellGrid {
  private cells: Uint8Array = new Uint8Array();
  private changes = new Uint32Array();
  private readonly percents = new Map<number, { index: number; percent: number }>();
  private readonly listeners = new Map<number, Set<() => void>>();
  private current = -1;

  constructor(readonly stages: number) {}

  /** Version of the batch these cells belong to; -1 before the first snapshot. */
  get version(): number {
    return this.current;
  }

  get rows(): number {
    return this.changes.length;
  }

  /** Takes a snapshot, unless it is older than what is known. */
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

  /** Takes a change that begins at or before the known version; states are absolute, so repeating a part is harmless. */
  apply({ from, to, cells }: CellsChange): Applied {
    if (to <= this.current) return 'known';
    const changes = from > this.current ? null : unpackCells(cells, this.stages);
    if (!changes || changes.some(({ row }) => row >= this.rows)) return 'gap';
    for (const { row, index, state, mark } of changes) this.cells[row * this.stages + index] = cellCode(state, mark);
    for (const row of new Set(changes.map((change) => change.row))) this.changed(row);
    this.current = to;
    return 'applied';
  }

  /** Notes how far an app says it is with the running stage of a row. */
  report(row: number, index: number, percent: number): void {
    if (row >= this.rows) return;
    this.percents.set(row, { index, percent });
    this.touch(row);
  }

  /** A cell that is not known yet is waiting. */
  cell(row: number, index: number): Pick<CellChange, 'state' | 'mark'> {
    return readCell(this.cells[row * this.stages + index] ?? cellCode('waiting'));
  }

  /** Percent of a running stage, when its app reports one. */
  percent(row: number, index: number): number | null {
    const known = this.percents.get(row);
    const isRunning = this.cells[row * this.stages + index] === RUNNING;
    return isRunning && known?.index === index ? known.percent : null;
  }

  /** Raised whenever something of the row changes. */
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

  // What an app said of one try of a stage means nothing for the next.
  private changed(row: number): void {
    const known = this.percents.get(row);
    if (known && this.percent(row, known.index) === null) this.percents.delete(row);
    this.touch(row);
  }

  private touch(row: number): void {
    this.changes[row] = (this.changes[row] ?? 0) + 1;
    this.listeners.get(row)?.forEach((listener) => listener());
  }
}
