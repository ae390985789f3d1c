import { describe, expect, it } from '@jest/globals';
import { isRunningWorker, SILENCE_LIMIT } from './running-worker.js';

describe('a worker', () => {
  it('is running until it has missed three heartbeats', () => {
    expect(SILENCE_LIMIT).toBe(15_000);
    expect([0, 14_999, 15_000, 60_000].map(isRunningWorker)).toEqual([true, true, false, false]);
  });
});
