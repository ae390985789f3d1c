import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SuspensionWatch } from './suspension-watch.js';

const HOUR = 3_600_000;
/** Whole milliseconds, so that sums are exact. */
const START = { monotonic: 1_000_000, wall: Date.UTC(2026, 0) };

describe('the suspension watch', () => {
  let watch: SuspensionWatch;
  const after = (elapsed: number, jump = 0) => ({
    monotonic: START.monotonic + elapsed,
    wall: START.wall + elapsed + jump,
  });
  beforeEach(() => {
    watch = new SuspensionWatch(START);
  });
  afterEach(() => watch.close());

  it('reports no suspension while the process runs', () => {
    for (let elapsed = 0; elapsed < 5000; elapsed += 500) expect(watch.wasSuspended(after(elapsed))).toBe(false);
  });

  it('reports a suspension of more than 1 s immediately and for 5 s', () => {
    expect(watch.wasSuspended(after(1500))).toBe(true);
    for (let elapsed = 1500; elapsed < 6500; elapsed += 500) expect(watch.wasSuspended(after(elapsed))).toBe(true);
    expect(watch.wasSuspended(after(6500))).toBe(false);
  });

  it('counts suspensions', () => {
    const counts = [0, 500, 2000, 2500, 9000].map((elapsed) => watch.count(after(elapsed)));
    expect(counts).toEqual([0, 0, 1, 1, 2]);
  });

  it('does not report a delay of exactly 1 s', () => {
    watch.wasSuspended(after(0));
    expect(watch.wasSuspended(after(1000))).toBe(false);
    expect(watch.wasSuspended(after(2001))).toBe(true);
  });

  it('stops its timer when it is closed', () => {
    const { clearInterval } = globalThis;
    const cleared: unknown[] = [];
    globalThis.clearInterval = (timer) => void cleared.push(timer);
    try {
      watch.close();
    } finally {
      globalThis.clearInterval = clearInterval;
    }
    expect(cleared).toHaveLength(1);
  });

  it('reports each of two suspensions', () => {
    watch.wasSuspended(after(2000));
    expect(watch.wasSuspended(after(20_000))).toBe(true);
  });

  it('reports a suspension during which the wall clock was set back by an hour', () => {
    expect(watch.wasSuspended(after(1500, -HOUR))).toBe(true);
    for (let elapsed = 2000; elapsed < 6500; elapsed += 500)
      expect(watch.wasSuspended(after(elapsed, -HOUR))).toBe(true);
    expect(watch.wasSuspended(after(6500, -HOUR))).toBe(false);
  });

  it('reports the sleep of the machine, during which the monotonic clock stops', () => {
    expect(watch.wasSuspended(after(100, HOUR))).toBe(true);
    for (let elapsed = 600; elapsed < 5100; elapsed += 500) expect(watch.wasSuspended(after(elapsed, HOUR))).toBe(true);
    expect(watch.wasSuspended(after(5100, HOUR))).toBe(false);
  });
});
