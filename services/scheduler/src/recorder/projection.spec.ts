import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { StageEvent } from '#libs/contracts';
import { stageEvent } from '#libs/testing';
import { project } from './projection.js';

const event = (change: Partial<StageEvent>): StageEvent =>
  stageEvent({ stages: 3, root: '100', times: { published: 10, started: 20 }, ...change });
const done = (change: Partial<StageEvent> = {}) =>
  event({ kind: 'done', outcome: 'ok', times: { published: 10, started: 20, settled: 30 }, ...change });

/** What a stage has before an event reports it. */
const UNREPORTED = {
  outcome: null,
  sentence: null,
  httpStatus: null,
  settledAt: null,
  annotations: {},
  warnings: [],
  notices: [],
  mark: null,
  runningSeconds: null,
  coverage: null,
  document: null,
};

const states = (events: readonly StageEvent[]) =>
  Object.fromEntries(project(events).map(({ index, state }) => [index, state]));

describe('project', () => {
  it('prefers a settlement to its start, in either order', () => {
    expect(states([event({}), done()])[0]).toBe('done');
    expect(states([done(), event({})])[0]).toBe('done');
  });

  it('prefers a settlement to the start of a later delivery', () => {
    expect(states([event({ delivery: 2 }), done({ delivery: 1 })])[0]).toBe('done');
    expect(states([done({ delivery: 1 }), event({ delivery: 2 })])[0]).toBe('done');
    expect(project([event({ delivery: 1 }), event({ delivery: 2 })])).toMatchObject([{ delivery: 2 }]);
  });

  it('prefers a settlement to a later delivery that parked the stage', () => {
    const parked = event({ kind: 'parked', delivery: 2, times: { published: 10, started: 40, settled: 40 } });
    expect(states([done(), parked])[0]).toBe('done');
    expect(states([parked, done()])[0]).toBe('done');
    expect(states([event({ delivery: 3 }), parked])[0]).toBe('waiting');
  });

  it('queues the next stage after a done one, but not after the last or a failed one', () => {
    expect(states([done()])).toEqual({ 0: 'done', 1: 'queued' });
    expect(states([done({ index: 1 })])).toEqual({ 1: 'done', 2: 'queued' });
    expect(states([done({ index: 2 })])).toEqual({ 2: 'done' });
    expect(states([event({ kind: 'failed', outcome: 'timeout' })])).toEqual({ 0: 'failed' });
  });

  it('gives the queued next stage nothing of the stage before but its lineage', () => {
    const marked = done({
      outcome: 'empty',
      sentence: 'shots found nothing new.',
      counts: { TimeFrame: 0 },
      warnings: ['slow'],
      notices: ['deprecated'],
      httpStatus: 200,
      runningSeconds: 3,
      coverage: { covered: 5, of: 31, gap: 'covers 5 of 31 min' },
      document: { inline: true, sha256: 'a'.repeat(64), bytes: 2 },
    });
    const [stage, next] = project([marked]);
    expect(stage).toMatchObject({ index: 0, state: 'done' });
    expect(stage!.mark).not.toBeNull();
    expect(next).toMatchObject({
      index: 1,
      app: '',
      state: 'queued',
      ...UNREPORTED,
      generation: 1,
      root: '100',
      delivery: 0,
      rank: 0,
      calls: 0,
      worker: null,
      queuedAt: 30,
      startedAt: null,
    });
  });

  it('keeps everything that an event reports about its stage', () => {
    const coverage = { covered: 5, of: 31, gap: 'covers 5 of 31 min' };
    const rich = done({
      batchKey: 'k1',
      outcome: 'empty',
      sentence: 'shots found nothing new.',
      fingerprint: 'shots|empty|x',
      trace: 'Traceback',
      httpStatus: 200,
      call: 2,
      delivery: 3,
      counts: { TimeFrame: 4 },
      warnings: ['slow'],
      notices: ['deprecated'],
      runningSeconds: 3,
      coverage,
      rawReplay: true,
      retryAfter: 60,
      document: { inline: true, sha256: 'a'.repeat(64), bytes: 2 },
    });
    const [stage, next] = project([rich]);
    expect(stage).toMatchObject({
      batchKey: 'k1',
      outcome: 'empty',
      sentence: 'shots found nothing new.',
      fingerprint: 'shots|empty|x',
      trace: 'Traceback',
      httpStatus: 200,
      delivery: 3,
      calls: 2,
      queuedAt: 10,
      startedAt: 20,
      settledAt: 30,
      annotations: { TimeFrame: 4 },
      warnings: ['slow'],
      notices: ['deprecated'],
      runningSeconds: 3,
      coverage,
      rawReplay: true,
      retryAfter: 60,
      waitsFor: null,
      retryAt: null,
      document: 'a'.repeat(64),
    });
    expect(next).toMatchObject({ rawReplay: false, fingerprint: 'shots|empty|x' });
    expect(next!.annotations).toEqual({});
  });

  it('leaves empty what an event does not report', () => {
    const rest = { fingerprint: null, trace: null, rawReplay: false, retryAfter: null };
    expect(project([event({})])).toMatchObject([{ ...UNREPORTED, ...rest }]);
  });

  it('marks done stages only', () => {
    const gap = { covered: 5, of: 31, gap: 'covers 5 of 31 min' };
    const [failed] = project([event({ kind: 'failed', outcome: 'timeout', coverage: gap })]);
    expect(failed!.mark).toBeNull();
    expect(project([done({ index: 2, coverage: gap })])[0]!.mark).toBe('partial');
    expect(project([done({ index: 2 })])[0]!.mark).toBeNull();
  });

  it('lets only a failure wait, for as long as the caller says', () => {
    const failed = event({ kind: 'failed', outcome: 'unreachable' });
    const asked: string[] = [];
    const changes = project([event({ run: 2 }), done({ run: 3, index: 2 }), { ...failed, run: 4 }], (about) => {
      asked.push(about.kind);
      return 5000;
    });
    expect(changes.map(({ run, waitsFor }) => [run, waitsFor])).toEqual([
      [2, null],
      [3, null],
      [4, 5000],
    ]);
    expect(asked).toEqual(['failed']);
  });

  it('keeps the first of two equal events', () => {
    const [kept] = project([event({ worker: 'w1' }), event({ worker: 'w2' })]);
    expect(kept!.worker).toBe('w1');
  });

  it('ignores a late start of an older lineage', () => {
    expect(states([done({ root: '200' }), event({ root: '100', delivery: 9 })])[0]).toBe('done');
  });

  it('reports a replay as running although the older lineage is done', () => {
    expect(states([done({ index: 2 }), event({ index: 2, root: '200' })])).toEqual({ 2: 'running' });
  });

  it('is independent of the order of events, and of repetitions', () => {
    const events = [
      event({}),
      done(),
      event({ index: 1 }),
      done({ index: 1 }),
      event({ root: '300' }),
      event({ index: 2 }),
    ];
    const expected = states(events);
    const deliveries = fc.shuffledSubarray([...events, ...events], { minLength: events.length * 2 });
    fc.assert(fc.property(deliveries, (arrived) => expect(states(arrived)).toEqual(expected)));
  });
});
