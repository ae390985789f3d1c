import { describe, expect, it } from '@jest/globals';
import { WorkPace } from './work-pace.js';

/** Works from `begin` for `duration` ms. */
const work = (pace: WorkPace, begin: number, duration: number) => {
  pace.begin(begin);
  pace.end(begin + duration);
};

describe('the pace of work', () => {
  it('lets the first round begin at once, and the next one after a pause', () => {
    const pace = new WorkPace();
    expect(pace.rest(0)).toBe(0);
    work(pace, 1000, 5);
    expect(pace.rest(1020)).toBe(0);
    expect(pace.rest(5000)).toBe(0);
  });

  it('keeps short rounds 5 ms apart, measured from their beginnings', () => {
    const pace = new WorkPace();
    work(pace, 1000, 1);
    expect(pace.rest(1001)).toBe(4);
    expect(pace.rest(1004)).toBe(1);
  });

  it('leaves two thirds of the time to others when a round takes longer, up to 100 ms', () => {
    const pace = new WorkPace();
    work(pace, 1000, 25);
    expect(pace.rest(1025)).toBeCloseTo(50);
    work(pace, 2000, 90);
    expect(pace.rest(2090)).toBe(10);
    work(pace, 3000, 400);
    expect(pace.rest(3400)).toBe(0);
  });

  it('follows the latest round only', () => {
    const pace = new WorkPace();
    work(pace, 1000, 30);
    work(pace, 2000, 1);
    expect(pace.rest(2001)).toBe(4);
  });
});
