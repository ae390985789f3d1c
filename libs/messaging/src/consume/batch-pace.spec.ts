import { describe, expect, it } from '@jest/globals';
import { BatchPace } from './batch-pace.js';

/** Handles a batch from `begin` for `duration` ms. */
const handle = (pace: BatchPace, begin: number, duration: number) => {
  pace.begin(begin);
  pace.end(begin + duration);
};

describe('the pace of batches', () => {
  it('lets the first batch begin at once, and the next one after a pause', () => {
    const pace = new BatchPace();
    expect(pace.rest(0)).toBe(0);
    handle(pace, 1000, 5);
    expect(pace.rest(1020)).toBe(0);
    expect(pace.rest(5000)).toBe(0);
  });

  it('keeps short batches 20 ms apart, measured from their beginnings', () => {
    const pace = new BatchPace();
    handle(pace, 1000, 2);
    expect(pace.rest(1002)).toBe(18);
    expect(pace.rest(1019)).toBe(1);
  });

  it('leaves two thirds of the time to others when a batch takes longer, up to 100 ms', () => {
    const pace = new BatchPace();
    handle(pace, 1000, 25);
    expect(pace.rest(1025)).toBeCloseTo(50);
    handle(pace, 2000, 90);
    expect(pace.rest(2090)).toBe(10);
    handle(pace, 3000, 400);
    expect(pace.rest(3400)).toBe(0);
  });

  it('follows the latest batch only', () => {
    const pace = new BatchPace();
    handle(pace, 1000, 30);
    handle(pace, 2000, 2);
    expect(pace.rest(2002)).toBe(18);
  });
});
