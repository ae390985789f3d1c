import type { CellsChange } from '#libs/contracts';
import { mergeChanges } from './ring.js';

/** Gathers changes per batch until the next flush; changes with a hole between them stay apart. */
export class FlushQueue {
  private waiting = new Map<number, CellsChange[]>();

  add(batch: number, change: CellsChange): void {
    const changes = this.waiting.get(batch) ?? [];
    const last = changes.at(-1);
    if (last && change.from <= last.to) changes[changes.length - 1] = mergeChanges([last, change]);
    else changes.push(change);
    this.waiting.set(batch, changes);
  }

  take(): [batch: number, changes: CellsChange[]][] {
    const flushed = [...this.waiting];
    this.waiting = new Map();
    return flushed;
  }
}
