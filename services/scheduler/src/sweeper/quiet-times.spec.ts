import { describe, expect, it } from '@jest/globals';
import { QuietTimes } from './quiet-times.js';

describe(QuietTimes, () => {
  it('counts from the first look at which a thing was quiet', () => {
    const times = new QuietTimes();
    const look = (isQuiet: boolean, now: number) => {
      const quiet = times.of('a', isQuiet, now);
      times.endRound();
      return quiet;
    };
    expect([look(true, 10), look(true, 15), look(false, 20), look(true, 30), look(true, 31)]).toEqual([
      0, 5, 0, 10, 11,
    ]);
  });

  it('forgets what was not looked at for a round', () => {
    const times = new QuietTimes();
    times.of('a', true, 10);
    times.endRound();
    times.endRound();
    expect(times.of('a', true, 20)).toBe(0);
  });
});
