import { describe, expect, it } from '@jest/globals';
import type { AppLoad } from '#libs/database';
import { explainApp } from './explain-app.js';
import { explainBatch } from './explain-batch.js';
import { aBatch, anApp, around, EARLIER, NOW } from './situation.fixture.js';

describe('explainBatch', () => {
  const explain = (...[change, aroundIt]: [Parameters<typeof aBatch>[0]?, Parameters<typeof around>[0]?]) =>
    explainBatch(aBatch(change), around(aroundIt));
  const maintenance = { by: 'kc', at: EARLIER, why: 'GPU maintenance' };

  it('tells that a batch gets on, and how full its apps are', () => {
    expect(explain()).toEqual({
      ok: true,
      state: 'running',
      reason: '4 of 8 runs are done. 3 waiting, 1 under way, 0 failed.',
      nextAction: 'Nothing: it goes on by itself.',
    });
    const full = { credits: new Map([['text_v1', 4]]), underWay: new Map([['shots_v1', 4]]) };
    expect(explain({}, full).reason).toContain('Shots is full: 4 runs under way still have to pass it');
  });

  it('names the largest group of failures', () => {
    const worstError = { sentence: 'No codec.', count: 2 };
    expect(explain({ worstError }).nextAction).toBe('Look at the largest group of failures (2): No codec.');
  });

  it('tells what holds it back', () => {
    expect(explain({ state: 'draft' })).toMatchObject({ state: 'draft' });
    expect(explain({ paused: { by: 'kc', at: EARLIER } })).toMatchObject({
      state: 'paused',
      reason: 'Batch 5 is paused by kc since 2026-11-25 14:00 UTC. 3 waiting, 1 under way, 0 failed.',
    });
    const route = [anApp('Shots'), anApp('Text', { paused: maintenance })];
    expect(explain({ route })).toMatchObject({ state: 'blocked', reason: expect.stringContaining('GPU maintenance') });
    expect(explain({}, { workers: new Map([['shots_v1', ['w1']]]) }).reason).toContain('No worker serves Text');
  });

  it('tells that its trial has ended', () => {
    expect(explain({ trial: { files: 4, open: 0 } })).toEqual({
      ok: true,
      state: 'trial',
      reason: 'The trial of 4 files has ended. 3 waiting, 1 under way, 0 failed.',
      nextAction: 'Look at its results, then start the batch again to go on with the rest.',
    });
    expect(explain({ trial: { files: 4, open: 1 } }).state).toBe('running');
  });

  it('tells that everything left is tried again later', () => {
    const runs = { waiting: 2, running: 0, done: 4, failed: 0, cancelled: 0 };
    const retrying = { count: 2, next: NOW + 60_000 };
    expect(explain({ runs, retrying })).toMatchObject({
      state: 'retrying',
      reason: 'Everything that is left (2 runs) is tried again, the first at 2026-11-25 14:31 UTC.',
    });
    expect(explain({ runs: { ...runs, waiting: 3 }, retrying }).state).toBe('running');
  });

  it('tells how it ended', () => {
    const runs = { waiting: 0, running: 0, done: 4, failed: 1, cancelled: 2 };
    expect(explain({ state: 'finished', runs })).toMatchObject({
      state: 'finished',
      reason: 'Every run has ended: 4 done, 1 failed, 2 cancelled.',
    });
  });
});

describe('explainApp', () => {
  const explain = (change: Partial<AppLoad> = {}, hasConsumer = true, aroundIt = around()) =>
    explainApp({ app: anApp('Text'), queued: 0, running: 0, ...change }, aroundIt, hasConsumer);

  it.each([
    [{}, 'idle'],
    [{ queued: 1 }, 'working'],
    [{ queued: 5, running: 2 }, 'busy'],
  ])('tells of %j that it is %s', (load, state) => {
    expect(explain(load)).toMatchObject({ state, reason: expect.stringContaining('1 worker (w1)') });
  });

  it('tells why it does nothing', () => {
    const paused = { by: 'kc', at: EARLIER, why: '' };
    expect(explain({ app: anApp('Text', { paused }), queued: 2 })).toMatchObject({
      state: 'paused',
      reason: 'Text is paused by kc since 2026-11-25 14:00 UTC. 2 queued, 0 running.',
    });
    expect(explain({ app: anApp('Text', { ready: false }) }).state).toBe('stopped');
    expect(explain({}, false).reason).toContain('The consumer of Text is not there.');
    expect(explain({}, true, around({ workers: new Map() })).reason).toContain('No worker serves Text');
  });
});
