import { describe, expect, it } from '@jest/globals';
import type { BatchStatus } from '#libs/database';
import { blockOf } from './batch-block.js';
import { aBatch, anActivity, anApp, aSystem, EARLIER, NOW } from './situation.fixture.js';
import type { ActivityStatus, SystemStatus } from './situation.js';

const SECOND = 1000;
const LONG_AGO = NOW - 60 * SECOND;
const block = (change: Partial<BatchStatus> = {}, system: Partial<SystemStatus> = {}) =>
  blockOf(aBatch(change), aSystem(system));
const during = (
  activity: Partial<ActivityStatus>,
  system: Partial<SystemStatus> = {},
  batch: Partial<BatchStatus> = {},
) => block(batch, { ...system, activity: anActivity(activity) });

describe('a batch that makes progress', () => {
  it('is not blocked, and neither is a draft or a finished batch', () => {
    expect(block()).toBeNull();
    for (const state of ['draft', 'finished'] as const) expect(block({ state }, { lag: null })).toBeNull();
  });

  it('is not blocked by an app that none of its runs is at', () => {
    const route = [anApp('Shots'), anApp('Text', { paused: { by: 'kc', at: EARLIER, why: '' } })];
    expect(block({ route, openAt: [true, false] })).toBeNull();
    expect(block({ openAt: [false, true] }, { workers: new Map([['text_v1', ['w1']]]) })).toBeNull();
  });
});

describe('a blocked batch', () => {
  it('names the stage and the app at which its runs wait, and since when', () => {
    const route = [anApp('Shots'), anApp('Text', { paused: { by: 'kc', at: EARLIER, why: 'GPU maintenance' } })];
    expect(block({ route })).toMatchObject({
      state: 'blocked',
      stage: 1,
      app: 'text_v1',
      reason: expect.stringContaining('GPU maintenance'),
      since: EARLIER,
      until: null,
      advice: 'Resume the app when it may run again.',
    });
  });

  it('states that no running worker serves an app', () => {
    expect(block({}, { workers: new Map([['text_v1', ['w1']]]) })).toMatchObject({
      stage: 0,
      reason: 'No running worker serves Shots.',
    });
  });

  it('states when the last remaining runs are retried', () => {
    const runs = { waiting: 2, running: 0, done: 4, failed: 0, cancelled: 0 };
    expect(block({ runs, retrying: { count: 2, next: NOW + 9 * SECOND } })).toMatchObject({
      state: 'retrying',
      until: NOW + 9 * SECOND,
      advice: expect.stringContaining('continues automatically'),
    });
  });

  it('states that the broker does not answer', () => {
    expect(block({}, { lag: null })).toMatchObject({ stage: null, reason: 'The NATS server does not answer.' });
  });

  it('states that nothing is recorded, and names the session that holds a lock', () => {
    expect(during({ recordedAt: LONG_AGO }, { lag: 3 })).toMatchObject({
      reason: expect.stringContaining('no event has been recorded since 2026-11-25 14:29 UTC'),
      since: LONG_AGO,
    });
    const blockingSessions = [{ pid: 77, user: 'ann', application: 'psql', since: EARLIER }];
    expect(during({ recordedAt: LONG_AGO, blockingSessions }, { lag: 3 })).toMatchObject({
      reason:
        'The recorder is waiting for a lock in Postgres: session 77 of user ann (psql) has held it since 2026-11-25 14:00 UTC.',
      advice: expect.stringContaining('pg_terminate_backend(77)'),
    });
    expect(during({ recordedAt: LONG_AGO }, { lag: 0 })).toBeNull();
  });

  it('states that nothing can be published, with the error of the broker', () => {
    const admissionFailure = { since: LONG_AGO, sentence: 'JetStream file resource limits exceeded.' };
    expect(during({ admissionFailure })).toMatchObject({
      reason: expect.stringContaining('JetStream file resource limits exceeded'),
      since: LONG_AGO,
    });
    expect(during({ admissionFailure: { ...admissionFailure, since: NOW } })).toBeNull();
  });

  it('is stalled when nothing happens and no worker lists its runs', () => {
    const quiet = { changedAt: new Map([[5, LONG_AGO]]), heldBatches: new Set<number>() };
    expect(during(quiet)?.reason).toContain('no running worker lists one of them');
    const runs = { waiting: 2, running: 0, done: 0, failed: 0, cancelled: 0 };
    expect(during(quiet, {}, { runs })?.reason).toContain('none has been published since');
    expect(during({ ...quiet, heldBatches: new Set([5]) })).toBeNull();
  });
});

describe('the limits of a stall', () => {
  const [justInTime, tooLate] = [NOW - 30 * SECOND, NOW - 30 * SECOND - 1];
  const quietSince = (since: number) => ({ changedAt: new Map([[5, since]]), heldBatches: new Set<number>() });
  const deferredSince = (since: number, count = 1) => ({ deferred: new Map([[5, { count, since }]]) });

  it('are 30 s without a change, a record, a publication or the end of a lock', () => {
    expect(during(quietSince(justInTime))).toBeNull();
    expect(during(quietSince(tooLate))).toMatchObject({ since: tooLate });
    expect(during({ recordedAt: justInTime }, { lag: 1 })).toBeNull();
    expect(during({ recordedAt: tooLate }, { lag: 1 })).toMatchObject({ since: tooLate });
    const failure = (since: number) => ({ admissionFailure: { since, sentence: 'It failed.' } });
    expect(during(failure(justInTime))).toBeNull();
    expect(during(failure(tooLate))).toMatchObject({ since: tooLate });
    expect(during(deferredSince(justInTime))).toBeNull();
    expect(during(deferredSince(tooLate))).toMatchObject({ since: tooLate });
  });

  it('do not hold for a batch that has changed never, or has nothing left to publish', () => {
    expect(during({ changedAt: new Map(), heldBatches: new Set() })).toBeNull();
    const runs = { waiting: 0, running: 0, done: 4, failed: 0, cancelled: 0 };
    expect(during(quietSince(tooLate), {}, { runs })).toBeNull();
  });

  it('is 50,000 events for the lag of the recorder, which is rounded down', () => {
    expect(block({}, { lag: 50_000 })).toBeNull();
    expect(block({}, { lag: 50_001 })?.reason).toContain('more than 50,000 events behind');
  });
});

describe('a block by a lock', () => {
  const locked = (count: number) => during({ deferred: new Map([[5, { count, since: LONG_AGO }]]) })?.reason;

  it('counts the results that are not recorded', () => {
    expect(locked(1)).toBe(
      '1 result of the batch has not been recorded since 2026-11-25 14:29 UTC: another transaction locks its runs in Postgres.',
    );
    expect(locked(2)).toMatch(/^2 results of the batch have not been recorded since/);
  });

  it('names a session without an application and without a time', () => {
    const blockingSessions = [{ pid: 77, user: 'ann', application: '', since: null }];
    expect(during({ recordedAt: LONG_AGO, blockingSessions }, { lag: 3 })?.reason).toBe(
      'The recorder is waiting for a lock in Postgres: session 77 of user ann (unnamed) holds it.',
    );
  });
});

describe('a block by a full app', () => {
  const quiet = { changedAt: new Map([[5, LONG_AGO]]), heldBatches: new Set<number>() };
  const running = { waiting: 0, running: 1, done: 4, failed: 0, cancelled: 0 };
  const busy = (slots: number, batch: Partial<BatchStatus> = {}) =>
    during({ ...quiet, busySlots: new Map([['shots_v1', slots]]) }, {}, { runs: running, ...batch });

  it('says how many slots are in use, at the stage where runs of the batch are', () => {
    expect(busy(2)).toMatchObject({ stage: 0, reason: expect.stringContaining('all 2 slots are in use for other') });
    const route = [anApp('Shots', { concurrency: 1 }), anApp('Text')];
    expect(busy(1, { route })?.reason).toContain('its only slot is in use for other batches');
  });

  it('does not hold while a slot is free, at another stage, or when no run is in a queue', () => {
    expect(busy(1)?.reason).toContain('no running worker lists one of them');
    expect(busy(2, { openAt: [false, true] })?.reason).toContain('no running worker lists one of them');
    expect(busy(2, { runs: { ...running, waiting: 2, running: 0 } })?.reason).toContain('none has been published');
  });

  it('names an app without credits only for a batch that has no run in progress', () => {
    const credits = { fullApp: () => 'shots_v1', runsAhead: () => 4 };
    const fullWith = (runs: BatchStatus['runs']) => during(quiet, { credits }, { runs })?.reason;
    expect(fullWith({ ...running, waiting: 2, running: 0 })).toContain('Shots is full');
    expect(fullWith({ ...running, waiting: 2 })).toContain('no running worker lists one of them');
  });
});

describe('a block by a retry', () => {
  const retrying = { count: 2, next: NOW + 9 * SECOND };
  const runs = { waiting: 2, running: 0, done: 4, failed: 0, cancelled: 0 };

  it('does not hold while other runs wait or are in progress', () => {
    expect(block({ runs: { ...runs, running: 1 }, retrying })).toBeNull();
    expect(block({ runs: { ...runs, waiting: 3 }, retrying })).toBeNull();
  });
});

describe('a block with a time', () => {
  const since = new Date(EARLIER).toISOString();
  const hold = { stage: 1, by: 'kc', reason: 'Wrong.', since, probeAt: null, probe: null };

  it('names the app of a hold, and none of a stage that the pipeline does not have', () => {
    expect(block({ held: [hold] })).toMatchObject({
      state: 'held',
      stage: 1,
      app: 'text_v1',
      since: EARLIER,
      until: null,
    });
    expect(block({ held: [{ ...hold, stage: 7 }] })).toMatchObject({ stage: 7, app: null });
  });

  it('begins with the first refusal of the broker, and has no beginning when the broker does not answer', () => {
    const refusal = { since: EARLIER, reason: 'no space left on device', count: 2 };
    expect(block({}, { refusal })).toMatchObject({ since: EARLIER });
    expect(block({}, { lag: null })).toMatchObject({ since: null });
  });

  it('has no beginning when no worker serves the app, also of an app that was paused before', () => {
    expect(block({}, { workers: new Map() })).toMatchObject({ since: null });
    expect(block({ route: [anApp('Shots', { ready: false }), anApp('Text')] })).toMatchObject({ since: null });
  });
});
