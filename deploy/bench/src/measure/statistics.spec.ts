import { describe, expect, it } from '@jest/globals';
import { interleaved, median, medians, percentile } from './statistics.js';

describe(median, () => {
  it('is the middle of an odd number of values, in whatever order', () => {
    expect(median([9, 1, 5])).toBe(5);
  });

  it('is the mean of both middle ones of an even number', () => {
    expect(median([1, 2, 4, 100])).toBe(3);
  });

  it('does not invent a value for none', () => {
    expect(median([])).toBeNaN();
  });

  it('does not reorder what it is given', () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });
});

describe(percentile, () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

  it('is the value below which so many lie', () => {
    expect(percentile(hundred, 95)).toBe(95);
    expect(percentile(hundred, 100)).toBe(100);
  });

  it('sorts by value and not by digits', () => {
    expect(percentile([9, 10, 200], 100)).toBe(200);
  });

  it('does not invent a value for none', () => {
    expect(percentile([], 50)).toBeNaN();
  });
});

describe(medians, () => {
  it('takes each key by itself, and one that is missing as 0', () => {
    expect(medians([{ a: 1, b: 10 }, { a: 3 }, { a: 2, b: 20 }])).toEqual({ a: 2, b: 10 });
  });
});

describe(interleaved, () => {
  it('reverses every other repetition', () => {
    expect(interleaved(['a', 'b', 'c'], 3)).toEqual([
      ['a', 'b', 'c'],
      ['c', 'b', 'a'],
      ['a', 'b', 'c'],
    ]);
  });
});
