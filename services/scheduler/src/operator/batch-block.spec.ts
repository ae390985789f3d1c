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
