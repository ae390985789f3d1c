import { describe, expect, it } from '@jest/globals';
import { cellCode, type CellChange, packCells } from '#libs/contracts';
import { CellGrid } from './cell-grid.js';

const STAGES = 2;
const [WAITING, RUNNING, DONE] = [cellCode('waiting'), cellCode('running'), cellCode('done')];
const change = (from: number, to: number, ...cells: CellChange[]) => ({ from, to, cells: packCells(cells, STAGES) });

function loaded(version = 5): CellGrid {
  const grid = new CellGrid(STAGES);
  grid.load(version, new Uint8Array([DONE, RUNNING, WAITING, WAITING, WAITING, WAITING]));
  return grid;
}

describe(CellGrid, () => {
  it('applies a change that starts at its version', () => {
    const grid = loaded();
    expect(grid.apply(change(5, 6, { row: 1, index: 0, state: 'failed' }))).toBe('applied');
    expect(grid.cell(1, 0).state).toBe('failed');
    expect(grid.cell(0, 0).state).toBe('done');
    expect(grid.version).toBe(6);
  });

  it('applies a change that starts before its version and ends after it', () => {
    const grid = loaded();
    expect(grid.apply(change(3, 7, { row: 2, index: 1, state: 'done' }))).toBe('applied');
    expect(grid.version).toBe(7);
  });

  it('does not apply a known change, nor a change after a gap', () => {
    const grid = loaded();
    expect(grid.apply(change(4, 5, { row: 0, index: 0, state: 'waiting' }))).toBe('known');
    expect(grid.apply(change(6, 7, { row: 0, index: 0, state: 'waiting' }))).toBe('gap');
    expect(grid.cell(0, 0).state).toBe('done');
    expect(grid.version).toBe(5);
  });

  it('keeps the mark of a done cell, from a snapshot or a change, until its next change', () => {
    const grid = new CellGrid(STAGES);
    grid.load(1, new Uint8Array([cellCode('done', 'empty'), DONE]));
    expect([grid.cell(0, 0), grid.cell(0, 1)]).toEqual([
      { state: 'done', mark: 'empty' },
      { state: 'done', mark: undefined },
    ]);
    grid.apply(change(1, 2, { row: 0, index: 1, state: 'done', mark: 'partial' }));
    expect(grid.cell(0, 1)).toEqual({ state: 'done', mark: 'partial' });
    grid.apply(change(2, 3, { row: 0, index: 1, state: 'running' }));
    expect(grid.cell(0, 1)).toEqual({ state: 'running', mark: undefined });
  });

  it('reports a gap for a change of an unknown row', () => {
    expect(loaded().apply(change(5, 6, { row: 3, index: 0, state: 'done' }))).toBe('gap');
  });

  it('ignores an older snapshot', () => {
    const grid = loaded();
    grid.load(4, new Uint8Array(6));
    expect(grid.cell(0, 0).state).toBe('done');
  });

  it('notifies only rows that changed, by a change or a snapshot', () => {
    const grid = loaded();
    const notified: number[] = [];
    for (const row of [0, 1, 2]) grid.onRow(row, () => notified.push(row));
    grid.apply(change(5, 6, { row: 1, index: 0, state: 'done' }, { row: 1, index: 1, state: 'queued' }));
    expect(notified).toEqual([1]);
    grid.load(8, new Uint8Array([DONE, DONE, DONE, cellCode('queued'), WAITING, WAITING]));
    expect(notified).toEqual([1, 0]);
  });

  it('does not notify a removed listener', () => {
    const grid = loaded();
    let calls = 0;
    grid.onRow(0, () => (calls += 1))();
    grid.apply(change(5, 6, { row: 0, index: 1, state: 'done' }));
    expect(calls).toBe(0);
  });

  it('has a percentage while the stage runs, but not afterwards, nor in the next attempt', () => {
    const grid = loaded();
    grid.report(0, 1, { percent: 40 });
    expect(grid.progress(0, 1)).toEqual({ percent: 40 });
    expect(grid.progress(0, 0)).toBeNull();
    grid.apply(change(5, 6, { row: 0, index: 1, state: 'done' }));
    expect(grid.progress(0, 1)).toBeNull();
    grid.apply(change(6, 7, { row: 0, index: 1, state: 'running' }));
    expect(grid.progress(0, 1)).toBeNull();
  });
});
