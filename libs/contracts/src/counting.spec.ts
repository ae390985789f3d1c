import { describe, expect, it } from '@jest/globals';
import { andMore, countOf, firstOf } from './counting.js';

describe('a count in a sentence', () => {
  it.each([
    [countOf(0, 'file'), '0 files'],
    [countOf(1, 'file'), '1 file'],
    [countOf(2, 'file'), '2 files'],
    [countOf(1200, 'file'), '1,200 files'],
    [countOf(1, 'copy', 'copies'), '1 copy'],
    [countOf(2, 'copy', 'copies'), '2 copies'],
  ])('reads "%s"', (words, expected) => expect(words).toBe(expected));
});

describe('a shortened list', () => {
  const names = ['a', 'b', 'c'];

  it('names every item when all fit', () => {
    expect(firstOf([])).toBe('');
    expect(firstOf(names)).toBe('a, b, c');
    expect(firstOf(names, 3)).toBe('a, b, c');
  });

  it('counts the items beyond the limit', () => {
    expect(firstOf(names, 2)).toBe('a, b and 1 more');
    expect(firstOf(names, 2, 1500)).toBe('a, b and 1,498 more');
  });

  it('counts the items that were not passed', () => expect(firstOf(names, 5, 9)).toBe('a, b, c and 6 more'));

  it.each([
    [-1, ''],
    [0, ''],
    [1, ' and 1 more'],
    [1200, ' and 1,200 more'],
  ])('ends for %d further items in "%s"', (left, end) => expect(andMore(left)).toBe(end));
});
