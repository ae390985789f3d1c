import { describe, expect, it } from '@jest/globals';
import type { AppPace, StageAhead, WorkAhead } from '#libs/database';
import { elapsedOf, estimateOf, inWords, workOf } from './estimate.js';

const pace = (change: Partial<AppPace> = {}): AppPace => ({
  files: 300,
  filesWithDuration: 300,
  secondsPerFile: { p50: 10, p90: 20 },
  secondsPerMediaMinute: { p50: 2, p90: 3 },
  ...change,
});
const stage = (change: Partial<StageAhead> = {}): StageAhead => ({
  index: 0,
  app: 'shots_v1',
  name: 'Shots',
  concurrency: 2,
  costPerHour: null,
  runs: 100,
  reused: 0,
  minutes: 500,
  unknownDurations: 0,
  ...change,
});
const work = (stages: readonly StageAhead[], change: Partial<WorkAhead> = {}): WorkAhead => ({
  batch: 5,
  input: { kind: 'source' },
  inputs: { found: 0, missing: { count: 0, guids: [] } },
  files: 100,
  reused: 0,
  minutes: 600,
  unknownDurations: 0,
  stages,
  ...change,
});
const alive = new Map([['shots_v1', { alive: true } as const]]);

describe(workOf, () => {
  it('uses minutes of media where durations are known, otherwise the number of files', () => {
    expect(workOf(stage(), pace())).toEqual({ p50: 1000, p90: 1500 });
    expect(workOf(stage({ unknownDurations: 100, minutes: 0 }), pace())).toEqual({ p50: 1000, p90: 2000 });
    expect(workOf(stage({ unknownDurations: 20, minutes: 400 }), pace())).toEqual({ p50: 1000, p90: 1600 });
    expect(workOf(stage(), pace({ secondsPerMediaMinute: null }))).toEqual({ p50: 1000, p90: 2000 });
    expect(workOf(stage({ unknownDurations: 1 }), pace())).toEqual({ p50: 1010, p90: 1520 });
    expect(workOf(stage(), pace({ secondsPerFile: null }))).toEqual({ p50: 1000, p90: 1500 });
    expect(workOf(stage({ runs: 1, unknownDurations: 1, minutes: 0 }), pace())).toEqual({ p50: 10, p90: 20 });
  });

  it('returns 0 without runs, and null without history', () => {
    expect(workOf(stage({ runs: 0 }), undefined)).toEqual({ p50: 0, p90: 0 });
    expect(workOf(stage(), undefined)).toBeNull();
    expect(workOf(stage(), pace({ secondsPerFile: null, secondsPerMediaMinute: null }))).toBeNull();
  });
});

describe(elapsedOf, () => {
  const at = (index: number, app: string, seconds: number, concurrency = 1) => ({
    ...stage({ index, app, concurrency, runs: 10 }),
    work: { p50: seconds, p90: 2 * seconds },
  });

  it('follows the slowest app and its slots', () => {
    expect(elapsedOf([at(0, 'shots', 100), at(1, 'text', 1000)])).toEqual({ p50: 1010, p90: 2020 });
    expect(elapsedOf([at(0, 'shots', 100), at(1, 'text', 1000, 10)])).toEqual({ p50: 200, p90: 400 });
  });

  it('adds up the work of an app at two stages', () => {
    expect(elapsedOf([at(0, 'shots', 100), at(1, 'shots', 100)])).toEqual({ p50: 200, p90: 400 });
  });

  it('counts neither a stage without runs nor less time than the slowest single file', () => {
    const idle = { ...stage({ index: 1, app: 'text', runs: 0 }), work: { p50: 0, p90: 0 } };
    expect(elapsedOf([at(0, 'shots', 100), idle])).toEqual({ p50: 100, p90: 200 });
    expect(elapsedOf([{ ...at(0, 'shots', 100, 4), runs: 1 }])).toEqual({ p50: 100, p90: 200 });
    expect(elapsedOf([])).toEqual({ p50: 0, p90: 0 });
  });

  it('returns null if one stage is unknown', () => {
    expect(elapsedOf([at(0, 'shots', 100), { ...at(1, 'text', 0), work: null }])).toBeNull();
  });
});

describe(estimateOf, () => {
  const known = { paces: new Map([['shots_v1', pace()]]), lives: alive };

  it('returns hours of media, time and cost as ranges', () => {
    expect(estimateOf(work([stage({ costPerHour: 3.6 })], { reused: 7 }), known)).toMatchObject({
      files: 100,
      mediaHours: 10,
      stages: [{ app: 'shots_v1', runs: 100, seconds: { p50: 1000, p90: 1500 }, alive: true }],
      seconds: { p50: 500, p90: 750 },
      cost: { p50: 1, p90: 1.5 },
      warnings: [],
      sentence: '100 files, 7 of which need no work: about 8 minutes to 13 minutes if nothing else runs.',
    });
  });

  it('returns null where history or price is missing', () => {
    const unknown = estimateOf(work([stage()], { unknownDurations: 100, minutes: 0 }), { ...known, paces: new Map() });
    expect(unknown).toMatchObject({ mediaHours: null, seconds: null, cost: null, stages: [{ seconds: null }] });
    expect(unknown.sentence).toContain('unknown');
  });

  it('describes one file, and equal times as one time', () => {
    const exact = pace({ secondsPerMediaMinute: { p50: 2, p90: 2 } });
    const one = estimateOf(work([stage({ runs: 1, minutes: 60 })], { files: 1, minutes: 60 }), {
      ...known,
      paces: new Map([['shots_v1', exact]]),
    });
    expect(one.sentence).toBe('1 file: about 2 minutes if nothing else runs.');
    expect(estimateOf(work([stage()], { reused: 1 }), known).sentence).toContain('100 files, 1 of which need no work:');
  });

  it('has no cost without a price, or when the time of one priced stage is unknown', () => {
    const priced = stage({ costPerHour: 3.6 });
    const free = stage({ index: 1 });
    const unknown = stage({ index: 2, app: 'text_v1', costPerHour: 3.6 });
    expect(estimateOf(work([free]), known).cost).toBeNull();
    expect(estimateOf(work([priced, free]), known).cost).toEqual({ p50: 1, p90: 1.5 });
    expect(estimateOf(work([priced, unknown]), known).cost).toBeNull();
  });

  it('has no hours of media only when no duration is known', () => {
    const hours = (change: Partial<WorkAhead>) => estimateOf(work([stage()], change), known).mediaHours;
    expect(hours({ files: 0, minutes: 0 })).toBe(0);
    expect(hours({ files: 1, minutes: 0, unknownDurations: 1 })).toBeNull();
    expect(hours({ files: 2, minutes: 60, unknownDurations: 1 })).toBe(1);
  });

  it('warns about missing inputs only when files lack a chosen input', () => {
    const warnings = (count: number, kind: 'latest' | 'source') =>
      estimateOf(work([stage()], { input: { kind }, inputs: { found: 9, missing: { count, guids: [] } } }), known)
        .warnings;
    expect(warnings(0, 'latest')).toEqual([]);
    expect(warnings(1, 'source')).toEqual([]);
    expect(warnings(1, 'latest')).toEqual(['1 file has no document in the chosen input, so the batch will not start.']);
  });

  it('warns once about an app that is not served, and about files without their input', () => {
    const why = 'No worker serves Shots.';
    const lives = new Map([['shots_v1', { alive: false, why } as const]]);
    const inputs = { found: 98, missing: { count: 2, guids: ['a', 'b'] } };
    const estimate = (input: WorkAhead['input']) =>
      estimateOf(work([stage(), stage({ index: 1 })], { input, inputs }), { ...known, lives }).warnings;
    expect(estimate({ kind: 'latest' })).toEqual([
      why,
      '2 files have no document in the chosen input, so the batch will not start.',
    ]);
    expect(estimate({ kind: 'latest', missing: 'source' })[1]).toContain('will start from the source');
  });
});

describe(inWords, () => {
  it.each([
    [0.2, '1 second'],
    [90, '90 seconds'],
    [0.6 + 1, '2 seconds'],
    [119, '119 seconds'],
    [120, '2 minutes'],
    [47 * 3600, '47 hours'],
    [48 * 3600, '2 days'],
    [150, '3 minutes'],
    [2 * 3600, '2 hours'],
    [100 * 3600, '4 days'],
  ])('formats %p s as %p', (seconds, words) => expect(inWords(seconds)).toBe(words));
});
