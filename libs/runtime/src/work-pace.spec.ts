import { describe, expect, it } from '@jest/globals';
import { WorkPace } from './work-pace.js';

const LONGEST = 250;

/** Works from `begin` for `duration` ms; returns the rest after it. */
function work(pace: WorkPace, begin: number, duration: number): number {
  pace.begin(begin);
  pace.end(begin + duration);
  return pace.rest(begin + duration);
}

/** Share of the time that rounds of `duration` ms take when each follows the rest of the one before. */
function busyShare(duration: number, rounds = 200): number {
  const pace = new WorkPace(LONGEST);
  let now = 1000;
  for (let round = 0; round < rounds; round += 1) now += duration + work(pace, now, duration);
  return (duration * rounds) / (now - 1000);
}

describe('the pace of work', () => {
  it('lets a few short rounds after a pause follow each other at once', () => {
    const pace = new WorkPace(LONGEST);
    expect(pace.rest(0)).toBe(0);
    expect([0, 10, 20, 30].map((at) => work(pace, 1000 + at, 8))).toEqual([0, 0, 0, 0]);
  });

  it.each([2, 8, 20])('takes an eighth of the time in the long run with rounds of %i ms', (duration) => {
    expect(busyShare(duration)).toBeGreaterThan(0.12);
    expect(busyShare(duration)).toBeLessThan(0.15);
  });

  it('lets rounds begin at most 250 ms apart, however long they take', () => {
    const pace = new WorkPace(LONGEST);
    expect(work(pace, 1000, 90)).toBe(160);
    expect(work(pace, 2000, 400)).toBe(0);
    expect(work(pace, 2400, 100)).toBe(150);
  });

  it('forgets a long round after a pause', () => {
    const pace = new WorkPace(LONGEST);
    work(pace, 1000, 5000);
    expect(pace.rest(7000)).toBe(0);
    expect(work(pace, 7000, 8)).toBe(0);
  });

  it('rests eight times as long as the work exceeds what may follow a pause, and less as time passes', () => {
    const pace = new WorkPace(LONGEST);
    expect(work(pace, 1000, 50)).toBe(0);
    pace.begin(1050);
    pace.end(1060);
    // An eighth of the time of the second round was earned during it.
    expect(pace.rest(1060)).toBeCloseTo(8 * 10 - 10);
    expect(pace.rest(1070)).toBeCloseTo(8 * 10 - 20);
    expect(pace.rest(1129)).toBeCloseTo(1);
    expect(pace.rest(1130)).toBe(0);
  });
});
