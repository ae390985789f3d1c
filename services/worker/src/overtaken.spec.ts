import { describe, expect, it } from '@jest/globals';
import { mayBeOvertaken } from './overtaken.js';

const STORED = '1790000000123456789';
const MS = 1_790_000_000_123;

describe('a stage message', () => {
  it.each([
    ['was stored right after the stage before was settled', MS - 40],
    ['was stored a moment before, by the clock of its publisher', MS + 40],
  ])('cannot be overtaken when it %s', (_, decided) => {
    expect(mayBeOvertaken(String(decided), STORED)).toBe(false);
  });

  it.each([
    ['was stored long after the stage before was settled', String(MS - 90_000)],
    ['comes from a publisher whose clock is far ahead', String(MS + 90_000)],
    ['does not say legibly when that was', 'yesterday'],
  ])('may be overtaken when it %s', (_, decided) => {
    expect(mayBeOvertaken(decided, STORED)).toBe(true);
  });

  it('cannot be overtaken when it is the first of its lineage, which says nothing', () => {
    expect(mayBeOvertaken(undefined, STORED)).toBe(false);
  });
});
