import { describe, expect, it } from '@jest/globals';
import { isRecorded, type LogState, QuietTimes, unrecordedLoss } from './round-memory.js';

const state = (change: Partial<LogState['events']>, recorder: Partial<LogState['recorder']>): LogState => ({
  events: { created: 'monday', first: 1, last: 100, ...change },
  recorder: { acknowledged: 100, delivered: 100, pending: 0, unacknowledged: 0, ...recorder },
});
const before = state({}, {});

describe('isRecorded', () => {
  it.each([
    ['true when all events of the round before are acknowledged', { last: 200 }, { pending: 100 }, true],
    ['false when one of them is not', { last: 200 }, { acknowledged: 99, pending: 100 }, false],
    ['true when nothing is left to record, as in an empty log', {}, { acknowledged: 0 }, true],
    ['false when an event was delivered and is not acknowledged', {}, { acknowledged: 99, unacknowledged: 1 }, false],
    ['false when the log was recreated', { created: 'tuesday' }, {}, false],
  ] as const)('is %s', (_, events, recorder, recorded) => {
    expect(isRecorded(before, state(events, recorder))).toBe(recorded);
  });

  it('is false in the first round', () => {
    expect(isRecorded(undefined, before)).toBe(false);
  });
});

describe('unrecordedLoss', () => {
  it.each([
    ['counts the events between the last acknowledged one and the first of the log', { first: 111 }, {}, 10],
    ['is 0 when the log begins right after the last acknowledged event', { first: 101 }, {}, 0],
    ['is 0 when the removed events were acknowledged', { first: 50 }, {}, 0],
    ['is 0 for a new recorder on a log that counts from far above', { first: 10_000_001 }, { acknowledged: 0 }, 0],
  ] as const)('%s', (_, events, recorder, loss) => {
    expect(unrecordedLoss(state(events, recorder))).toBe(loss);
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
