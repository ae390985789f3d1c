import type { CellsChange } from '#libs/contracts';

/** How many changes of a batch are kept. */
export interface RingLimits {
  readonly changes: number;
  readonly bytes: number;
}

/** Above these limits, a snapshot of the cells is cheaper than its changes. */
const DEFAULT_LIMITS: RingLimits = { changes: 2_000, bytes: 4 * 1024 * 1024 };

/**
 * The last changes of one batch without a gap: each begins at or before the version at which the previous one ends.
 * Changes may overlap, because states of cells are absolute and applying a change twice is harmless.
 */
export class Ring {
  private changes: CellsChange[] = [];
  private bytes = 0;
  /** Newest known version; -1 before the first change. */
  private newest = -1;

  constructor(private readonly limits: RingLimits = DEFAULT_LIMITS) {}

  get version(): number {
    return this.newest;
  }

  /**
   * Adds the next change; `from === to` only announces the newest version. Returns true when the version is newer.
   * A change that begins after the newest version leaves a gap, so all earlier changes are discarded.
   */
  add(change: CellsChange): boolean {
    if (change.to <= this.newest) return false;
    if (change.from > this.newest) this.forget();
    this.newest = change.to;
    if (change.from === change.to) return true;
    this.changes.push(change);
    this.bytes += change.cells.byteLength;
    while (this.changes.length > this.limits.changes || this.bytes > this.limits.bytes) {
      this.bytes -= this.changes.shift()!.cells.byteLength;
    }
    return true;
  }

  /** One change that brings a client from `version` to the newest; null when the kept changes begin later. */
  since(version: number): CellsChange | null {
    if (this.newest < 0) return null;
    if (version >= this.newest) return { from: version, to: version, cells: new Uint8Array() };
    const missing = this.changes.filter(({ to }) => to > version);
    const first = missing[0];
    return first && first.from <= version ? { ...mergeChanges(missing), from: version } : null;
  }

  private forget(): void {
    this.changes = [];
    this.bytes = 0;
  }
}

/** Joins consecutive changes in order, so that the later state of a cell is applied last. */
export function mergeChanges(changes: readonly CellsChange[]): CellsChange {
  return {
    from: changes[0]!.from,
    to: changes.at(-1)!.to,
    cells: Buffer.concat(changes.map(({ cells }) => cells)),
  };
}
