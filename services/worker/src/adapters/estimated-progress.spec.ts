import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { StageProgress } from '#libs/contracts';
import { estimatedPercent, estimateProgress } from './estimated-progress.js';

const SECOND = 1000;

describe(estimatedPercent, () => {
  it('is the share of the typical time that has passed, in whole percent', () => {
    expect([0, 5, 6, 50].map((seconds) => estimatedPercent(seconds * SECOND, 100))).toEqual([0, 5, 6, 50]);
    expect(estimatedPercent(9999, 100)).toBe(9);
  });

  it('stays at 95 % however long the call takes', () => {
    expect([94, 95, 96, 100, 100_000].map((seconds) => estimatedPercent(seconds * SECOND, 100))).toEqual([
      94, 95, 95, 95, 95,
    ]);
  });
});

describe(estimateProgress, () => {
  const reports: StageProgress[] = [];
  const report = (progress: StageProgress) => void reports.push(progress);
  beforeEach(() => {
    reports.length = 0;
    jest.useFakeTimers();
  });
  afterEach(() => void jest.useRealTimers());

  it('reports every 5 s, marked as an estimate, until it is stopped', () => {
    const estimate = estimateProgress(100, report)!;
    jest.advanceTimersByTime(12 * SECOND);
    estimate.stop();
    jest.advanceTimersByTime(60 * SECOND);
    expect(reports).toEqual([
      { percent: 5, estimated: true },
      { percent: 10, estimated: true },
    ]);
  });

  it('does not repeat a percentage', () => {
    const estimate = estimateProgress(2000, report)!;
    jest.advanceTimersByTime(60 * SECOND);
    estimate.stop();
    expect(reports.map(({ percent }) => percent)).toEqual([1, 2, 3]);
  });

  it('reports nothing for an app whose typical time is unknown', () => {
    expect(estimateProgress(undefined, report)).toBeUndefined();
  });
});
