import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { monotonicNow, Stopwatch } from './stopwatch.js';

const HOUR = 3_600_000;

describe('a stopwatch', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('measures the time that has passed', () => {
    const watch = new Stopwatch();
    jest.advanceTimersByTime(250);
    expect(watch.elapsed()).toBe(250);
    expect(watch.elapsedWithSleep()).toBe(250);
  });

  it.each([HOUR, -HOUR])('ignores a jump of the wall clock by %i ms', (jump) => {
    const watch = new Stopwatch();
    const before = monotonicNow();
    jest.setSystemTime(Date.now() + jump);
    jest.advanceTimersByTime(10);
    expect(watch.elapsed()).toBe(10);
    expect(monotonicNow() - before).toBe(10);
  });

  it('includes sleep only on request: the monotonic clock stops while the machine sleeps', () => {
    const watch = new Stopwatch();
    jest.setSystemTime(Date.now() + HOUR);
    expect(watch.elapsedWithSleep()).toBe(HOUR);
    jest.setSystemTime(Date.now() - 2 * HOUR);
    jest.advanceTimersByTime(10);
    expect(watch.elapsedWithSleep()).toBe(10);
  });
});
