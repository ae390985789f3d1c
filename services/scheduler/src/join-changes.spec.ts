import { describe, expect, it } from '@jest/globals';
import type { BatchChange } from '#libs/database';
import { joinChanges } from './join-changes.js';

const cell = (row: number) => ({ row, index: 0, state: 'done' }) as const;
const change = (from: number, cells: BatchChange['cells'] = [cell(from)]): BatchChange => ({
  batch: 1,
  from,
  to: from + 1,
  cells,
});

describe('joinChanges', () => {
  it('joins consecutive changes, in whatever order they are given', () => {
    const joined = { from: 5, to: 8, cells: [cell(5), cell(6), cell(7)] };
    expect(joinChanges([change(5), change(6), change(7)])).toEqual(joined);
    expect(joinChanges([change(6), change(5), change(7)])).toEqual(joined);
  });

  it('joins changes without cells', () => {
    expect(joinChanges([change(5, []), change(6)])).toEqual({ from: 5, to: 7, cells: [cell(6)] });
  });

  it('returns null when a version is missing or has no list of cells', () => {
    expect(joinChanges([change(5), change(7)])).toBeNull();
    expect(joinChanges([change(5), change(6, null), change(7)])).toBeNull();
    expect(joinChanges([change(5, null)])).toBeNull();
  });
});
