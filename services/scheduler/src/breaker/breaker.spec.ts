import { describe, expect, it } from '@jest/globals';
import { afterSettlement, afterTime, type BreakerState, CLOSED, FAILURES_IN_A_ROW } from './breaker.js';

const MINUTE = 60_000;
const NOW = 1_790_000_000_000;
const SAME = 'shots|unreachable|refused';
const OTHER = 'shots|app-error|no frames';

const LATER = NOW + 1000 * MINUTE;
/** The state after settlements of new stages; null is a success. */
const settle = (state: BreakerState, ...fingerprints: (string | null)[]) =>
  fingerprints.reduce((before, fingerprint) => afterSettlement(before, { fingerprint, startedAt: LATER }, NOW), state);
const failures = (count: number, fingerprint = SAME) => Array.from({ length: count }, () => fingerprint);
const open = settle(CLOSED, ...failures(FAILURES_IN_A_ROW));
const probing = afterTime(open, NOW + MINUTE);

describe('a running app', () => {
  it('is paused for a minute after 20 failures in a row with the same fingerprint', () => {
    expect(open).toEqual({ phase: 'open', fingerprint: SAME, trips: 1, probeAt: NOW + MINUTE });
  });

  it.each([
    ['nineteen failures', failures(19)],
    ['a success among the failures', [...failures(19), null, ...failures(19)]],
    ['a failure with another fingerprint among them', [...failures(19), OTHER, ...failures(19)]],
    ['successes', [null, null, null]],
  ])('is not paused after %s', (_, settlements) => {
    expect(settle(CLOSED, ...settlements).phase).toBe('closed');
  });
});

describe('a paused app', () => {
  it('is probed when its pause is over, and not before', () => {
    expect(afterTime(open, NOW + MINUTE - 1)).toBe(open);
    expect(probing).toEqual({ phase: 'probing', fingerprint: SAME, trips: 1, since: NOW + MINUTE });
  });

  it('ignores stages that started before the pause', () => {
    expect(settle(open, null, SAME, OTHER)).toBe(open);
  });
});

describe('a probe', () => {
  it('ignores stages that started before it and are recorded late', () => {
    const early = { startedAt: NOW + MINUTE - 1 };
    expect(afterSettlement(probing, { ...early, fingerprint: SAME }, NOW + MINUTE)).toBe(probing);
    expect(afterSettlement(probing, { ...early, fingerprint: null }, NOW + MINUTE)).toBe(probing);
  });

  it('resumes the app when it succeeds', () => {
    expect(settle(probing, null)).toBe(CLOSED);
  });

  it('pauses the app again when it fails in the same way, each time for twice as long, up to 15 minutes', () => {
    let state = probing;
    const minutes = [2, 4, 8, 15, 15].map(() => {
      const again = settle(state, SAME);
      const until = again.phase === 'open' ? again.probeAt : NOW;
      state = afterTime(again, until);
      return (until - NOW) / MINUTE;
    });
    expect(minutes).toEqual([2, 4, 8, 15, 15]);
  });

  it('resumes the app when it fails in another way, and counts that failure', () => {
    expect(settle(probing, OTHER)).toEqual({ phase: 'closed', fingerprint: OTHER, inARow: 1 });
    expect(settle(probing, ...failures(20, OTHER))).toMatchObject({ phase: 'open', fingerprint: OTHER, trips: 1 });
  });

  it('does not expire', () => {
    expect(afterTime(probing, NOW + 100 * MINUTE)).toBe(probing);
  });
});
