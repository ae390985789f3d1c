import { describe, expect, it } from '@jest/globals';
import type { AppLoad } from '#libs/database';
import { explainApp } from './explain-app.js';
import { explainBatch } from './explain-batch.js';
import { explainRun } from './explain-run.js';
import { aBatch, anApp, aSystem, EARLIER, NOW, situation } from './situation.fixture.js';

describe('explainBatch', () => {
  const explain = (...[change, system]: [Parameters<typeof aBatch>[0]?, Parameters<typeof aSystem>[0]?]) =>
    explainBatch(aBatch(change), aSystem(system));
  const maintenance = { by: 'kc', at: EARLIER, why: 'GPU maintenance' };

  it('gives the progress of a batch, and names a full app', () => {
    expect(explain()).toEqual({
      ok: true,
      state: 'running',
      reason: '4 of 8 runs are done. 3 waiting, 1 in progress, 0 failed.',
      nextAction: 'No action needed: it continues automatically.',
    });
    const full = { credits: { fullApp: () => 'shots_v1', runsAhead: () => 4 } };
    expect(explain({}, full).reason).toContain('Shots is full: 4 runs in progress still have to pass it');
  });

  it('names the largest group of failures', () => {
    const worstError = { sentence: 'No codec.', count: 2 };
    expect(explain({ worstError }).nextAction).toBe('Check the largest group of failures (2): No codec.');
  });

  it('gives the reason why a batch makes no progress', () => {
    expect(explain({ state: 'draft' })).toMatchObject({ state: 'draft' });
    expect(explain({ paused: { by: 'kc', at: EARLIER } })).toMatchObject({
      state: 'paused',
      reason: 'Batch 5 was paused by kc at 2026-11-25 14:00 UTC. 3 waiting, 1 in progress, 0 failed.',
    });
    const route = [anApp('Shots'), anApp('Text', { paused: maintenance })];
    expect(explain({ route })).toMatchObject({ state: 'blocked', reason: expect.stringContaining('GPU maintenance') });
    const passed = [anApp('Shots', { paused: maintenance }), anApp('Text')];
    expect(explain({ route: passed, firstOpen: 1, openAt: [false, true] }).state).toBe('running');
    expect(explain({}, { workers: new Map([['shots_v1', ['w1']]]) }).reason).toContain('No running worker serves Text');
  });

  it('names a broker that refuses publications before all else', () => {
    const refusal = { since: EARLIER, reason: 'JetStream file resource limits exceeded for server', count: 12 };
    expect(explain({}, { refusal, workers: new Map() })).toEqual({
      ok: true,
      state: 'blocked',
      reason:
        'The broker has refused publications since 2026-11-25 14:00 UTC: JetStream file resource limits exceeded for ' +
        'server (12 failed attempts). 3 waiting, 1 in progress, 0 failed.',
      nextAction:
        'Free disk space on the NATS server, or raise its storage limit (max_file_store). If the broker ' +
        'still refuses publications a minute after there is space, restart nats-server.',
    });
    const load = { app: anApp('Shots'), queued: 1, running: 1 };
    expect(explainApp(load, aSystem({ refusal }), true).reason).toContain('The broker has refused publications');
    for (const state of ['waiting', 'running'] as const) {
      const explained = explainRun(situation({ state }, { system: aSystem({ refusal }) }));
      expect(explained.reason).toContain('The broker has refused publications');
      expect(explained.nextAction).not.toContain('automatically');
    }
  });

  it('states that the trial has finished', () => {
    expect(explain({ trial: { files: 4, open: 0 } })).toEqual({
      ok: true,
      state: 'trial',
      reason: 'The trial of 4 files has finished. 3 waiting, 1 in progress, 0 failed.',
      nextAction: 'Check its results, then start the batch again to continue with the remaining files.',
    });
    expect(explain({ trial: { files: 4, open: 1 } }).state).toBe('running');
  });

  it('states that all remaining runs will be retried', () => {
    const runs = { waiting: 2, running: 0, done: 4, failed: 0, cancelled: 0 };
    const retrying = { count: 2, next: NOW + 60_000 };
    expect(explain({ runs, retrying })).toMatchObject({
      state: 'retrying',
      reason: '2 runs remain and will be retried, the first at 2026-11-25 14:31 UTC.',
    });
    const one = { runs: { ...runs, waiting: 1 }, retrying: { ...retrying, count: 1 } };
    expect(explain(one).reason).toBe('One run remains; it will be retried at 2026-11-25 14:31 UTC.');
    expect(explain({ runs: { ...runs, waiting: 3 }, retrying }).state).toBe('running');
  });

  it('gives the result of a finished batch', () => {
    const runs = { waiting: 0, running: 0, done: 4, failed: 1, cancelled: 2 };
    expect(explain({ state: 'finished', runs })).toMatchObject({
      state: 'finished',
      reason: 'All runs have ended: 4 done, 1 failed, 2 cancelled.',
    });
  });
});

describe('explainApp', () => {
  const explain = (change: Partial<AppLoad> = {}, hasConsumer = true, system = aSystem()) =>
    explainApp({ app: anApp('Text'), queued: 0, running: 0, ...change }, system, hasConsumer);

  it.each([
    [{}, 'idle'],
    [{ queued: 1 }, 'working'],
    [{ queued: 5, running: 2 }, 'busy'],
  ])('describes an app with the load %j as %s', (load, state) => {
    expect(explain(load)).toMatchObject({ state, reason: expect.stringContaining('1 worker (w1)') });
  });

  it('does not state that queued work needs no action while none is running', () => {
    expect(explain({ queued: 1 }).nextAction).toContain('check the logs');
    for (const load of [{}, { queued: 1, running: 1 }, { queued: 5, running: 2 }])
      expect(explain(load).nextAction).toMatch(/^No action needed/);
  });

  it.each([{}, { queued: 1 }, { queued: 5, running: 2 }])(
    'asks for unique ids when two of its workers have the same one, with the load %j',
    (load) => {
      const { reason, nextAction } = explain(load, true, aSystem({ sharedIds: ['w1', 'of-another-app'] }));
      expect(reason).toContain('1 worker (w1)');
      expect(nextAction).toBe(
        'Two running workers have the same WORKER_ID (w1). Set a different WORKER_ID for each worker.',
      );
      expect(explain(load, true, aSystem({ sharedIds: ['of-another-app'] })).nextAction).not.toContain('WORKER_ID');
    },
  );

  it('gives the reason why an app does nothing', () => {
    const paused = { by: 'kc', at: EARLIER, why: '' };
    expect(explain({ app: anApp('Text', { paused }), queued: 2 })).toMatchObject({
      state: 'paused',
      reason: 'Text was paused by kc at 2026-11-25 14:00 UTC. 2 queued, 0 running.',
    });
    expect(explain({ app: anApp('Text', { ready: false }) }).state).toBe('stopped');
    expect(explain({}, false).reason).toContain('The consumer of Text does not exist.');
    expect(explain({}, true, aSystem({ workers: new Map() })).reason).toContain('No running worker serves Text');
  });
});
