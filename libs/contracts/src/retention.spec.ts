import { describe, expect, it } from '@jest/globals';
import { retentionDue, retentionEnd, retentionSentence, type RetentionState } from './retention.js';

const DAY = 86_400_000;
const FINISHED = new Date('2026-03-01T12:00:00Z');
const state = (change: Partial<RetentionState>): RetentionState => ({
  keep: 'all',
  days: null,
  kept: 'all',
  finishedAt: FINISHED,
  ...change,
});
const due = (change: Partial<RetentionState>, daysLater: number) =>
  retentionDue(state(change), FINISHED.getTime() + daysLater * DAY);

describe('retentionDue', () => {
  it('keeps everything forever by default', () => {
    expect(due({}, 36_500)).toBeNull();
  });

  it('removes all but the newest documents once, as soon as a batch has finished', () => {
    expect(due({ keep: 'final' }, 0)).toBe('final');
    expect(due({ keep: 'final', kept: 'final' }, 1)).toBeNull();
  });

  it('removes everything once, exactly when the days have passed', () => {
    for (const keep of ['all', 'final'] as const) {
      expect(due({ keep, days: 30, kept: keep }, 30 - 1e-6)).toBeNull();
      expect(due({ keep, days: 30, kept: keep }, 30)).toBe('none');
      expect(due({ keep, days: 30, kept: 'none' }, 31)).toBeNull();
    }
  });

  it('does not restore what another rule has removed', () => {
    expect(due({ keep: 'all', kept: 'final' }, 1)).toBeNull();
    expect(due({ keep: 'final', kept: 'none' }, 1)).toBeNull();
  });

  it('removes nothing of a batch that has not finished', () => {
    expect(retentionDue(state({ keep: 'final', days: 1, finishedAt: null }), Number.MAX_SAFE_INTEGER)).toBeNull();
  });
});

describe('retentionEnd', () => {
  it('is the given number of days after the batch finished', () => {
    expect(retentionEnd(state({ days: 2 }))).toEqual(new Date('2026-03-03T12:00:00Z'));
    expect(retentionEnd(state({}))).toBeNull();
    expect(retentionEnd(state({ days: 2, finishedAt: null }))).toBeNull();
  });
});

describe('retentionSentence', () => {
  it.each([
    ['all', null, 'The documents of all stages and attempts are kept until the batch is deleted.'],
    ['all', 1, 'The documents of all stages and attempts are kept for 1 day after the batch finishes, then removed.'],
    [
      'final',
      null,
      /earlier stages and attempts are removed\. The newest document of each file is kept until the batch is deleted\.$/,
    ],
    ['final', 30, /newest document of each file is kept for 30 days after the batch finishes, then removed\.$/],
  ] as const)('states the rule %s for %p days', (keep, days, expected) => {
    expect(retentionSentence({ keep, days })).toMatch(expected);
  });
});
