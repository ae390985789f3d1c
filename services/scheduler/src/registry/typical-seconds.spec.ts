import { describe, expect, it } from '@jest/globals';
import { typicalSeconds } from './typical-seconds.js';

describe(typicalSeconds, () => {
  it('is the mean in seconds, with two digits', () => {
    expect([12_345, 654_321].map((mean) => typicalSeconds(undefined, mean))).toEqual([12, 650]);
  });

  it('follows a mean that has changed by more than a tenth, up and down', () => {
    expect([typicalSeconds(100, 111_000), typicalSeconds(100, 89_000)]).toEqual([110, 89]);
  });

  it('stays when the mean has hardly changed', () => {
    expect([typicalSeconds(100, 110_000), typicalSeconds(100, 90_000)]).toEqual([100, 100]);
  });

  it('is unknown for an app that takes less than 10 s, or that has not finished a file', () => {
    expect(typicalSeconds(undefined, 10_000)).toBe(10);
    expect([typicalSeconds(undefined, 9999), typicalSeconds(20, 5000), typicalSeconds(20, undefined)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
