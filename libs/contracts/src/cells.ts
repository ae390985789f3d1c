import { STAGE_MARKS, type StageMark } from './marks.js';
import { STAGE_STATES, type StageState } from './states.js';

/** One changed cell of a batch's grid. */
export interface CellChange {
  readonly row: number;
  readonly index: number;
  readonly state: StageState;
  readonly mark?: StageMark | undefined;
}

/**
 * Changed cells of a batch's grid between two of its versions, packed by `packCells`. It applies to a grid whose
 * version is at least `from`: states are absolute, so applying a part of it twice is harmless.
 */
export interface CellsChange {
  readonly from: number;
  readonly to: number;
  readonly cells: Uint8Array;
}

const STATE_BITS = 3;
const CELL_BITS = 5;

/** A cell as one byte: three bits of state, two bits of mark above them. */
export const cellCode = (state: StageState, mark?: StageMark | null): number =>
  STAGE_STATES.indexOf(state) + (mark ? STAGE_MARKS.indexOf(mark) + 1 : 0) * 2 ** STATE_BITS;

/** Decodes the result of `cellCode`. */
export const readCell = (code: number): Pick<CellChange, 'state' | 'mark'> => ({
  state: STAGE_STATES[code % 2 ** STATE_BITS]!,
  mark: STAGE_MARKS[Math.floor(code / 2 ** STATE_BITS) - 1],
});

/** Packs changes as little-endian Uint32: `(row * stages + index) << 5 | code`; the latest change of a cell wins. */
export function packCells(changes: Iterable<CellChange>, stages: number): Uint8Array {
  const latest = new Map<number, number>();
  for (const { row, index, state, mark } of changes) latest.set(row * stages + index, cellCode(state, mark));
  const view = new DataView(new ArrayBuffer(latest.size * 4));
  let offset = 0;
  for (const [cell, code] of latest) {
    view.setUint32(offset, cell * 2 ** CELL_BITS + code, true);
    offset += 4;
  }
  return new Uint8Array(view.buffer);
}

/** Decodes the result of `packCells`. */
export function unpackCells(bytes: Uint8Array, stages: number): CellChange[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const changes: CellChange[] = [];
  for (let offset = 0; offset + 4 <= bytes.byteLength; offset += 4) {
    const packed = view.getUint32(offset, true);
    const cell = Math.floor(packed / 2 ** CELL_BITS);
    changes.push({ row: Math.floor(cell / stages), index: cell % stages, ...readCell(packed % 2 ** CELL_BITS) });
  }
  return changes;
}
