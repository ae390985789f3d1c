import { describe, expect, it } from '@jest/globals';
import type { BatchSummary, StageCounts } from '#libs/contracts';
import { etaOf } from './eta.js';

const MINUTE = 60_000;
const NOW = Date.parse('2026-11-25T14:00:00Z');
const NO_COUNTS: StageCounts = {
  waiting: 0,
  queued: 0,
  running: 0,
  done: 0,
  failed: 0,
  skipped: 0,
  cancelled: 0,
  retrying: 0,
};
const stage = (name: string, counts: Partial<StageCounts>): BatchSummary['stages'][number] => ({
  app: `${name}_v1`,
  name,
  counts: { ...NO_COUNTS, ...counts },
  marks: { warnings: 0, empty: 0, partial: 0 },
});
/** 400 of 1,000 files are through both stages. */
const summary = (change: Partial<BatchSummary> = {}): BatchSummary => ({
  batch: 5,
  version: 9,
  name: 'News',
  state: 'running',
  runs: { waiting: 590, running: 10, done: 400, failed: 0, cancelled: 0 },
  stages: [stage('shots', { done: 400, waiting: 600 }), stage('text', { done: 400, waiting: 600 })],
  sentence: '',
  errors: [],
  ...change,
});
/** Twice a minute for so many minutes, from so many ended to what is now. */
const samples = (minutes: number, from: readonly number[], until = NOW) =>
  Array.from({ length: 2 * minutes + 1 }, (_, n) => ({ at: until - minutes * MINUTE + (n * MINUTE) / 2, ended: from }));

describe(etaOf, () => {
  it('divides the remaining work by the pace of the last ten minutes, as a range', () => {
    const eta = etaOf(summary(), samples(10, [300, 300]), NOW)!;
    expect(eta).toMatchObject({ stalled: false, stage: 'shots', at: { p50: '2026-11-25T15:00:00.000Z' } });
    expect(eta.seconds!.p50).toBe(3600);
    expect(eta.seconds!.p90).toBeCloseTo(3600 / (1 - 0.12816), 0);
    expect(eta.at!.p90).toBe(new Date(NOW + eta.seconds!.p90 * 1000).toISOString());
    expect(eta.sentence).toBe('About 60 minutes to 69 minutes left.');
  });

  it('follows the slowest stage', () => {
    const eta = etaOf(summary(), samples(10, [200, 350]), NOW)!;
    expect(eta).toMatchObject({ stage: 'text', seconds: { p50: 7200 } });
    expect(eta.seconds!.p90).toBeCloseTo(7200 / (1 - 1.2816 / Math.sqrt(50)), 0);
  });

  it('ignores runs that ended before a stage', () => {
    const stages = [stage('shots', { done: 800, failed: 200 }), stage('text', { done: 700, waiting: 300 })];
    expect(etaOf(summary({ stages }), samples(10, [1000, 600]), NOW)).toMatchObject({ seconds: { p50: 600 } });
  });

  it('counts failed files as ended, and every unfinished state as remaining', () => {
    const failing = [stage('shots', { done: 300, failed: 100, waiting: 600 })];
    expect(etaOf(summary({ stages: failing }), samples(10, [300]), NOW)).toMatchObject({ seconds: { p50: 3600 } });
    const open = [stage('shots', { done: 400, waiting: 300, queued: 100, running: 120, retrying: 80 })];
    expect(etaOf(summary({ stages: open }), samples(10, [300]), NOW)).toMatchObject({ seconds: { p50: 3600 } });
  });

  it('ignores cancelled and failed runs at later stages', () => {
    const stages = [
      stage('shots', { done: 600, failed: 100, cancelled: 100, waiting: 200 }),
      stage('text', { done: 400, waiting: 600 }),
    ];
    expect(etaOf(summary({ stages }), samples(10, [500, 300]), NOW)).toMatchObject({
      stage: 'text',
      seconds: { p50: 2400 },
    });
  });

  it('states one time when p50 and p90 are equal in words', () => {
    const stages = [stage('shots', { done: 1_000_000, waiting: 6_000_000 })];
    expect(etaOf(summary({ stages }), samples(10, []), NOW)!.sentence).toBe('About 60 minutes left.');
    expect(etaOf(summary(), samples(10, []), NOW)!.seconds!.p50).toBe(900);
  });

  it('accepts 20 ended files, whether done or failed', () => {
    const runs = { waiting: 980, running: 0, done: 15, failed: 5, cancelled: 0 };
    expect(etaOf(summary({ runs }), samples(10, [300, 300]), NOW)).not.toBeNull();
  });

  it('ignores samples before the last ten minutes and after now', () => {
    const old = samples(9, [0, 0], NOW - 10.5 * MINUTE);
    expect(etaOf(summary(), [...old, ...samples(10, [300, 300])], NOW)).toMatchObject({ seconds: { p50: 3600 } });
    const later = { at: NOW + 3 * MINUTE, ended: [400, 400] };
    expect(etaOf(summary(), [...samples(9, [300, 300], NOW - MINUTE), later], NOW)).not.toBeNull();
  });

  it('accepts samples up to two minutes apart', () => {
    const rare = [9, 7, 5, 3, 1].map((minutes) => ({ at: NOW - minutes * MINUTE - 30_000, ended: [300, 300] }));
    expect(etaOf(summary(), rare, NOW)).not.toBeNull();
    expect(etaOf(summary(), samples(8, [300, 300], NOW - 2 * MINUTE), NOW)).not.toBeNull();
  });

  it('starts after a pause that follows the first sample', () => {
    const first = { at: NOW - 10 * MINUTE, ended: [0, 0] };
    expect(etaOf(summary(), [first, ...samples(7, [330, 330])], NOW)).toMatchObject({ seconds: { p50: 3600 } });
  });

  it('is null until 20 files have ended and five minutes have passed', () => {
    const few = summary({ runs: { waiting: 981, running: 0, done: 19, failed: 0, cancelled: 0 } });
    expect(etaOf(few, samples(10, [0, 0]), NOW)).toBeNull();
    expect(etaOf(summary(), samples(4, [300, 300]), NOW)).toBeNull();
    expect(etaOf(summary(), [], NOW)).toBeNull();
    expect(etaOf(summary(), samples(5, [300, 300]), NOW)).not.toBeNull();
  });

  it('is null if the batch is not running, if no work is left, and before each stage has processed a file', () => {
    const long = samples(10, [300, 300]);
    expect(etaOf(summary({ state: 'finished' }), long, NOW)).toBeNull();
    expect(etaOf(summary({ paused: { by: 'kc', at: '' } }), long, NOW)).toBeNull();
    expect(etaOf(summary({ stages: [stage('shots', { done: 1000 })] }), long, NOW)).toBeNull();
    expect(etaOf(summary(), samples(10, [300, 400]), NOW)).toBeNull();
  });

  it('ignores the time of a pause', () => {
    const before = samples(3, [0, 0], NOW - 5 * MINUTE);
    const after = samples(2, [300, 300]);
    expect(etaOf(summary(), [...before, ...after], NOW)).toBeNull();
    expect(etaOf(summary(), samples(8, [0, 0], NOW - 3 * MINUTE), NOW)).toBeNull();
  });

  it('reports a stalled batch', () => {
    expect(etaOf(summary(), samples(10, [400, 400]), NOW)).toMatchObject({
      seconds: null,
      at: null,
      stalled: true,
      sentence: 'Stalled: no file has finished for 10 minutes. Use explain to find out why.',
    });
  });

  it('covers only the trial while it runs', () => {
    const trial = { files: 500, done: 400, failed: 0, ended: false };
    expect(etaOf(summary({ trial }), samples(10, [300, 300]), NOW)).toMatchObject({ seconds: { p50: 600 } });
    expect(etaOf(summary({ trial: { ...trial, files: 400 } }), samples(10, [300, 300]), NOW)).toBeNull();
    const stages = [stage('shots', { done: 300, failed: 50, skipped: 50, waiting: 600 })];
    expect(etaOf(summary({ trial, stages }), samples(10, [250]), NOW)).toMatchObject({ seconds: { p50: 600 } });
  });
});
