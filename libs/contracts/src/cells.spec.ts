import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cellCode, type CellChange, packCells, unpackCells } from './cells.js';
import { STAGE_MARKS } from './marks.js';
import { STAGE_STATES } from './states.js';

const MAX_ROWS = 100_000;
const stages = fc.integer({ min: 1, max: 32 });
const change = (stageCount: number) =>
  fc.record({
    row: fc.nat(MAX_ROWS - 1),
    index: fc.nat(stageCount - 1),
    state: fc.constantFrom(...STAGE_STATES),
    mark: fc.option(fc.constantFrom(...STAGE_MARKS), { nil: undefined }),
  });
const batch = stages.chain((count) => fc.tuple(fc.constant(count), fc.array(change(count), { maxLength: 50 })));

describe('a packed cell', () => {
  it('has four bytes, low byte first: three bits of state, two of mark, the number of the cell', () => {
    const packed = packCells([{ row: 2, index: 1, state: 'done', mark: 'empty' }], 3);
    expect([...packed]).toEqual([((2 * 3 + 1) << 5) + (2 << 3) + 3, 0, 0, 0]);
  });

  it('is decoded unchanged, up to the last cell of the largest batch', () => {
    fc.assert(
      fc.property(batch, ([count, changes]) => {
        const latest = new Map(changes.map((cell): [string, CellChange] => [`${cell.row} ${cell.index}`, cell]));
        const read = unpackCells(packCells(changes, count), count);
        expect(new Set(read.map((cell) => JSON.stringify(cell)))).toEqual(
          new Set([...latest.values()].map((cell) => JSON.stringify(cell))),
        );
      }),
    );
  });

  it('holds only the latest change of its cell', () => {
    const changes: CellChange[] = [
      { row: 0, index: 0, state: 'running' },
      { row: 0, index: 0, state: 'done' },
    ];
    expect(unpackCells(packCells(changes, 1), 1)).toEqual([{ row: 0, index: 0, state: 'done' }]);
  });

  it('is decoded from the middle of a larger buffer', () => {
    const packed = packCells([{ row: 5, index: 0, state: 'queued' }], 2);
    const larger = new Uint8Array([9, 9, 9, ...packed]);
    expect(unpackCells(larger.subarray(3), 2)).toEqual([{ row: 5, index: 0, state: 'queued' }]);
  });

  it('is ignored when it is truncated', () => {
    const packed = packCells([{ row: 5, index: 0, state: 'queued' }], 2);
    expect(unpackCells(packed.subarray(0, 3), 2)).toEqual([]);
  });
});

describe('cellCode', () => {
  it('keeps the numbers that browsers and stored messages use', () => {
    expect(Object.fromEntries(STAGE_STATES.map((state) => [state, cellCode(state)]))).toEqual({
      waiting: 0,
      queued: 1,
      running: 2,
      done: 3,
      failed: 4,
      skipped: 5,
      cancelled: 6,
      retrying: 7,
    });
    expect(STAGE_MARKS.map((mark) => cellCode('done', mark))).toEqual([11, 19, 27]);
  });
});
