import { describe, expect, it } from '@jest/globals';
import { interleaved, median, medians, percentile } from './statistics.js';

describe(median, () => {
  it('returns the middle of an odd number of values in any order', () => {
    expect(median([9, 1, 5])).toBe(5);
  });

  it('returns the mean of the two middle values of an even number', () => {
    expect(median([1, 2, 4, 100])).toBe(3);
  });

  it('returns NaN without values', () => {
    expect(median([])).toBeNaN();
  });

  it('does not reorder its argument', () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });
});

describe(percentile, () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

  it('returns the value at the nearest rank', () => {
    expect(percentile(hundred, 95)).toBe(95);
    expect(percentile(hundred, 100)).toBe(100);
  });

  it('sorts by value, not by digits', () => {
    expect(percentile([9, 10, 200], 100)).toBe(200);
  });

  it('returns NaN without values', () => {
    expect(percentile([], 50)).toBeNaN();
  });
});

describe(medians, () => {
  it('treats each key separately, and a missing key as 0', () => {
    expect(medians([{ a: 1, b: 10 }, { a: 3 }, { a: 2, b: 20 }])).toEqual({ a: 2, b: 10 });
  });
});

describe(interleaved, () => {
  it('reverses every second repetition', () => {
    expect(interleaved(['a', 'b', 'c'], 3)).toEqual([
      ['a', 'b', 'c'],
      ['c', 'b', 'a'],
      ['a', 'b', 'c'],
    ]);
  });
});
