import { describe, expect, it } from '@jest/globals';
import { afterConnection, afterSettlement, afterTime, type AppPhase, CLOSED } from './app-phase.js';
import type { Settled } from './settled.js';

const MINUTE = 60_000;
const NOW = 1_790_000_000_000;
const LATER = NOW + 1000 * MINUTE;
const SAME = 'shots|app-error|no memory';

const failure: Settled = {
  batch: 1,
  run: 1,
  index: 0,
  app: 'shots',
  startedAt: LATER,
  result: 'failure',
  fingerprint: SAME,
  sentence: 'It fails.',
  unreached: null,
  retryAfter: 0,
  isRetry: false,
};
const success: Settled = { ...failure, result: 'success', fingerprint: '' };
const refused: Settled = { ...failure, fingerprint: 'shots|unreachable|refused', unreached: 'connection' };
const busy: Settled = { ...failure, fingerprint: 'shots|unreachable|busy', unreached: 'busy' };

const after = (state: AppPhase, settled: Settled, { isFailing = false, isOnlyThisFile = false } = {}, now = NOW) =>
  afterSettlement(state, settled, { isFailing, isOnlyThisFile }, now);
const open = after(CLOSED, failure, { isFailing: true });
const probing = afterTime(open, NOW + MINUTE);
/** The pauses in minutes while every probe has the same result. */
const pauses = (first: Settled, count: number) => {
  let state = after(CLOSED, first, { isFailing: true });
  return Array.from({ length: count }, () => {
    const until = state.phase === 'open' ? state.probeAt : NOW;
    const begin = state.phase === 'open' ? until : NOW;
    state = after(afterTime(state, until), first, {}, begin);
    return state.phase === 'open' ? (state.probeAt - begin) / MINUTE : null;
  });
};

describe('an app that fails for many files of several batches', () => {
  it('is not paused before enough files have failed', () => {
    expect(after(CLOSED, failure)).toBe(CLOSED);
  });

  it('is paused for a minute and then probed', () => {
    expect(open).toMatchObject({ phase: 'open', cause: 'failing', trips: 1, probeAt: NOW + MINUTE });
    expect(afterTime(open, NOW + MINUTE - 1)).toBe(open);
    expect(probing).toMatchObject({ phase: 'probing', probedAt: NOW + MINUTE });
  });

  it('is paused for twice as long after every probe that fails, up to 15 minutes', () => {
    expect(pauses(failure, 5)).toEqual([2, 4, 8, 15, 15]);
  });

  it('continues when a probe succeeds or fails in another way', () => {
    expect(after(probing, success)).toBe(CLOSED);
    expect(after(probing, { ...success, isRetry: true })).toBe(CLOSED);
    expect(after(probing, { ...success, startedAt: NOW + MINUTE })).toBe(CLOSED);
    expect(after(probing, { ...failure, fingerprint: 'other' })).toBe(CLOSED);
    expect(after(probing, { ...failure, fingerprint: 'other', isRetry: true })).toBe(CLOSED);
  });

  it('ignores stages that started before the probe, retries, and failures that prove nothing', () => {
    for (const settled of [
      { ...success, startedAt: NOW },
      { ...failure, isRetry: true },
      { ...failure, result: 'neutral' as const },
    ])
      expect(after(probing, settled)).toBe(probing);
  });

  it('ignores what is settled during the pause', () => {
    for (const settled of [success, failure, refused]) expect(after(open, settled)).toBe(open);
  });
});

describe('an app that does not accept calls', () => {
  it('is paused at the first refusal, and continues when a connection is established', () => {
    const away = after(CLOSED, refused);
    expect(away).toMatchObject({ phase: 'open', cause: 'connection', since: NOW });
    expect(afterConnection(away)).toBe(CLOSED);
    expect(afterConnection(open)).toBe(open);
  });

  it('is probed with a call 5 s after the first 503, and at most a minute after a later one', () => {
    expect(after(CLOSED, busy)).toMatchObject({ cause: 'busy', probeAt: NOW + 5000 });
    expect(pauses(busy, 5)).toEqual([10 / 60, 20 / 60, 40 / 60, 1, 1]);
  });

  it('is not called before the time that it asks for', () => {
    expect(after(CLOSED, { ...busy, retryAfter: 600 })).toMatchObject({ probeAt: NOW + 10 * MINUTE });
  });

  it('continues when it answers a probe, even with a failure', () => {
    const probe = afterTime(after(CLOSED, busy), LATER - 1);
    expect(after(probe, failure)).toBe(CLOSED);
    expect(after(probe, { ...failure, result: 'neutral' })).toBe(CLOSED);
  });

  it('is probed with a call after a minute without a connection, and after at most 15 minutes later', () => {
    expect(after(CLOSED, refused)).toMatchObject({ probeAt: NOW + MINUTE });
    expect(pauses(refused, 5)).toEqual([2, 4, 8, 15, 15]);
  });

  it('begins with the shortest pause when the cause is another one', () => {
    const away = after(afterTime(after(CLOSED, busy), LATER - 1), refused, {}, LATER);
    expect(away).toMatchObject({ cause: 'connection', trips: 1, since: LATER, probeAt: LATER + MINUTE });
  });

  it('keeps the time since when it has been unreachable', () => {
    const again = after(afterTime(after(CLOSED, busy), LATER - 1), busy, {}, LATER);
    expect(again).toMatchObject({ trips: 2, since: NOW });
  });

  it('continues for others when it refuses only one file', () => {
    expect(after(CLOSED, busy, { isOnlyThisFile: true })).toBe(CLOSED);
  });
});
