import type { CellsChange } from '#libs/contracts';

/** How much of a batch's past is kept. */
export interface RingLimits {
  readonly changes: number;
  readonly bytes: number;
}

/** Beyond this a snapshot of the cells is cheaper than its changes. */
const DEFAULT_LIMITS: RingLimits = { changes: 2_000, bytes: 4 * 1024 * 1024 };

/**
 * The last changes of one batch, without a hole: each begins at or before the version where the one before it ends.
 * States of cells are absolute, so a change may be applied again over a part of itself.
 */
export class Ring {
  private changes: CellsChange[] = [];
  private bytes = 0;
  /** Newest version known; -1 before anything is known. */
  private newest = -1;

  constructor(private readonly limits: RingLimits = DEFAULT_LIMITS) {}

  get version(): number {
    return this.newest;
  }

  /**
   * Takes the next change; `from === to` only says which version is the newest. True when it brought a newer version.
   * A change that begins after the newest version leaves a hole, so the past before it is given up.
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

  /** One change that brings a client from `version` to the newest; null when the past does not reach back so far. */
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

/** Joins changes that follow each other; where a cell changed twice the later one stands behind the earlier. */
export function mergeChanges(changes: readonly CellsChange[]): CellsChange {
  return {
    from: changes[0]!.from,
    to: changes.at(-1)!.to,
    cells: Buffer.concat(changes.map(({ cells }) => cells)),
  };
}
