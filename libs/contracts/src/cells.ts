import { STAGE_STATES, type StageState, stageStateCode } from './states.js';

/** One changed cell of a batch's grid. */
export interface CellChange {
  readonly row: number;
  readonly index: number;
  readonly state: StageState;
}

const STATE_BITS = 3;

/** Packs changes as little-endian Uint32: `(row * stages + index) << 3 | state`; the latest of a cell wins. */
export function packCells(changes: Iterable<CellChange>, stages: number): Uint8Array {
  const latest = new Map<number, number>();
  for (const { row, index, state } of changes) latest.set(row * stages + index, stageStateCode(state));
  const view = new DataView(new ArrayBuffer(latest.size * 4));
  let offset = 0;
  for (const [cell, code] of latest) {
    view.setUint32(offset, cell * 2 ** STATE_BITS + code, true);
    offset += 4;
  }
  return new Uint8Array(view.buffer);
}

/** Reads what `packCells` wrote. */
export function unpackCells(bytes: Uint8Array, stages: number): CellChange[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const changes: CellChange[] = [];
  for (let offset = 0; offset + 4 <= bytes.byteLength; offset += 4) {
    const packed = view.getUint32(offset, true);
    const cell = Math.floor(packed / 2 ** STATE_BITS);
    const state = STAGE_STATES[packed % 2 ** STATE_BITS]!;
    changes.push({ row: Math.floor(cell / stages), index: cell % stages, state });
  }
  return changes;
}
