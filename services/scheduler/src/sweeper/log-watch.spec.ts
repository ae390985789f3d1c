import { describe, expect, it } from '@jest/globals';
import { isRecorded, type LogState, unrecordedLoss } from './log-watch.js';

const state = (change: Partial<LogState['events']>, recorder: Partial<LogState['recorder']>): LogState => ({
  events: { created: 'monday', first: 1, last: 100, ...change },
  recorder: { acknowledged: 100, delivered: 100, pending: 0, unacknowledged: 0, ...recorder },
});
const before = state({}, {});

describe('isRecorded', () => {
  it.each([
    ['everything of the moment before is acknowledged', { last: 200 }, { pending: 100 }, true],
    ['something of it is not', { last: 200 }, { acknowledged: 99, pending: 100 }, false],
    ['nothing is left to record, as in an empty log', {}, { acknowledged: 0 }, true],
    ['something was handed over and is not acknowledged', {}, { acknowledged: 99, unacknowledged: 1 }, false],
    ['the log was made again', { created: 'tuesday' }, {}, false],
  ] as const)('when %s', (_, events, recorder, recorded) => {
    expect(isRecorded(before, state(events, recorder))).toBe(recorded);
  });

  it('does not know at the first look', () => {
    expect(isRecorded(undefined, before)).toBe(false);
  });
});

describe('unrecordedLoss', () => {
  it.each([
    ['the log begins behind what is acknowledged', { first: 111 }, {}, 10],
    ['the log begins where the acknowledged ends', { first: 101 }, {}, 0],
    ['old events were removed that are acknowledged', { first: 50 }, {}, 0],
    ['the recorder begins on a log that counts from far above', { first: 10_000_001 }, { acknowledged: 0 }, 0],
  ] as const)('when %s', (_, events, recorder, loss) => {
    expect(unrecordedLoss(state(events, recorder))).toBe(loss);
  });
});
