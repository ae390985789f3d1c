import { describe, expect, it } from '@jest/globals';
import type { BatchSummary } from '#libs/contracts';
import { announcement } from './announcement.js';

describe(announcement, () => {
  const summary = (sentence: string, done: number, failed = 0) =>
    ({ sentence, runs: { waiting: 0, running: 0, done, failed, cancelled: 0 } }) as BatchSummary;

  it('contains the sentence, and how many files finished since the last announcement', () => {
    const next = announcement(summary('Batch 1: shots 10 %', 1), summary('Batch 1: shots 40 %', 4, 1));
    expect(next).toBe('Batch 1: shots 40 % (3 more done, 1 more failed)');
  });

  it('is null for the first summary and for an unchanged sentence', () => {
    expect(announcement(null, summary('Batch 1: shots 10 %', 1))).toBeNull();
    expect(announcement(summary('Batch 1: shots 10 %', 1), summary('Batch 1: shots 10 %', 1))).toBeNull();
  });
});
