import { describe, expect, it } from '@jest/globals';
import { coverage, coverageGap } from './coverage.js';

describe('the coverage gap', () => {
  const gap = (latestMinutes: number, minutes: number) =>
    coverageGap(coverage({ latest: latestMinutes * 60_000, duration: minutes * 60_000 }));

  it('states how much of the media is covered when it is clearly less than all', () => {
    expect(gap(5.9, 31)).toBe('covers 5 of 31 min');
    expect(gap(0, 31)).toBe('covers 0 of 31 min');
  });

  it('is null when little is missing, or less than a minute', () => {
    expect(gap(28, 31)).toBeNull();
    expect(gap(0.1, 1)).toBeNull();
    expect(gap(40, 31)).toBeNull();
  });

  it('is null without a time or a duration', () => {
    expect(coverage({ latest: null, duration: 5 })).toBeNull();
    expect(coverage({ latest: 5, duration: null })).toBeNull();
    expect(coverage({ latest: 5, duration: Number.POSITIVE_INFINITY })).toBeNull();
    expect(coverage({ latest: Number.NaN, duration: 5 })).toBeNull();
    expect(coverageGap(null)).toBeNull();
  });
});
