import { describe, expect, it } from '@jest/globals';
import type { LogState } from '../recorder/recorder-progress.js';
import { isRecorded, QuietTimes, unrecordedLoss } from './round-memory.js';

const state = (change: Partial<LogState['events']>, recorded: number): LogState => ({
  events: { created: 'monday', first: 1, last: 100, ...change },
  recorded,
});
const before = state({}, 100);

describe('isRecorded', () => {
  it.each([
    ['true when all events of the round before are recorded', { last: 200 }, 100, true],
    ['false when one of them is not', { last: 200 }, 99, false],
    ['true when nothing is left to record, as in an empty log', { first: 101 }, 0, true],
    ['false when the last event is not recorded', {}, 99, false],
    ['false when the log was recreated', { created: 'tuesday' }, 100, false],
  ] as const)('is %s', (_, events, sequence, recorded) => {
    expect(isRecorded(before, state(events, sequence))).toBe(recorded);
  });

  it('is false in the first round', () => {
    expect(isRecorded(undefined, before)).toBe(false);
  });
});

describe('unrecordedLoss', () => {
  it.each([
    ['counts the events between the last recorded one and the first of the log', { first: 111 }, 100, 10],
    ['is 0 when the log begins right after the last recorded event', { first: 101 }, 100, 0],
    ['is 0 when the removed events were recorded', { first: 50 }, 100, 0],
    ['is 0 for a new recorder on a log that counts from far above', { first: 10_000_001 }, 0, 0],
  ] as const)('%s', (_, events, sequence, loss) => {
    expect(unrecordedLoss(state(events, sequence))).toBe(loss);
  });
});

describe(QuietTimes, () => {
  it('counts from the first round in which a stage was quiet', () => {
    const times = new QuietTimes();
    const add = (isQuiet: boolean, now: number) => {
      const quiet = times.add('a', isQuiet, now);
      times.endRound();
      return quiet;
    };
    expect([add(true, 10), add(true, 15), add(false, 20), add(true, 30), add(true, 31)]).toEqual([0, 5, 0, 10, 11]);
  });

  it('forgets a stage that is missing in a round', () => {
    const times = new QuietTimes();
    times.add('a', true, 10);
    times.endRound();
    times.endRound();
    expect(times.add('a', true, 20)).toBe(0);
  });
});
