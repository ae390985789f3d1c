import { describe, expect, it } from '@jest/globals';
import { chooseRuns, freeCredits, MAX_CLAIM } from './choose-runs.js';

const batch = (id: number, change: object = {}) => ({
  id,
  pass: 0,
  weight: 100,
  waiting: 1000,
  apps: ['shots', 'text'],
  ...change,
});

describe('freeCredits', () => {
  const slots = new Map([
    ['shots', 2],
    ['text', 1],
  ]);
  const durations = (shots: number, text: number) => new Map(Object.entries({ shots, text }));
  const nothingKnown = new Map<string, number>();
  const load = (nextIndex: number, count: number) => ({ apps: ['shots', 'text'], nextIndex, count });
  const credits = (known: ReadonlyMap<string, number>, ...loads: ReturnType<typeof load>[]) =>
    Object.fromEntries(freeCredits({ slots, durations: known }, loads));

  it('gives two runs per slot, less those that still have the app ahead', () => {
    expect(credits(nothingKnown, load(0, 1), load(1, 1))).toEqual({ shots: 3, text: 0 });
  });

  it('does not count runs that have passed the app', () => {
    expect(credits(nothingKnown, load(2, 5))).toEqual({ shots: 4, text: 2 });
  });

  it('gives an app as many more as the app before it works on to keep it busy', () => {
    expect(credits(durations(100, 100), load(0, 1))).toEqual({ shots: 3, text: 2 + 1 - 1 });
    expect(credits(durations(200, 100), load(0, 1))).toEqual({ shots: 3, text: 2 + 2 - 1 });
  });

  it('gives it no more than the app before has slots, however slow that is', () => {
    expect(credits(durations(60_000, 1), load(0, 1)).text).toBe(2 + 2 - 1);
  });

  it('lets no more than one wait before a slow app for each fast one on the way', () => {
    const many = new Map([...slots, ['shots', 64]] as [string, number][]);
    const known = durations(1, 60_000);
    expect(freeCredits({ slots: many, durations: known }, [load(0, 1)]).get('text')).toBe(2 + 1 - 1);
  });

  it('gives nothing for apps before it that no run under way passes, nor to an app that is paused', () => {
    expect(credits(durations(100, 100))).toEqual({ shots: 4, text: 2 });
    const paused = new Map([...slots, ['text', 0]] as [string, number][]);
    expect(freeCredits({ slots: paused, durations: durations(100, 100) }, [load(0, 1)]).get('text')).toBe(-1);
  });
});

describe('chooseRuns', () => {
  const plenty = new Map([
    ['shots', 10],
    ['text', 10],
  ]);

  it('shares equally between batches of equal weight', () => {
    expect(Object.fromEntries(chooseRuns([batch(1), batch(2)], plenty))).toEqual({ 1: 5, 2: 5 });
  });

  it('gives a batch of four times the weight four times the runs', () => {
    expect(Object.fromEntries(chooseRuns([batch(1, { weight: 400 }), batch(2)], plenty))).toEqual({ 1: 8, 2: 2 });
  });

  it('does not let a batch that came late wait behind a huge one', () => {
    const huge = batch(1, { pass: 50_000, waiting: 100_000 });
    expect(chooseRuns([huge, batch(2, { pass: 50_000, waiting: 3 })], plenty).get(2)).toBe(3);
  });

  it('takes nothing through an app without credit, and leaves other routes alone', () => {
    const credits = new Map([
      ['shots', 4],
      ['text', 0],
    ]);
    expect(Object.fromEntries(chooseRuns([batch(1), batch(2, { apps: ['shots'] })], credits))).toEqual({ 2: 4 });
  });

  it('does not choose more runs than wait', () => {
    expect(Object.fromEntries(chooseRuns([batch(1, { waiting: 2 })], plenty))).toEqual({ 1: 2 });
  });

  it('claims a bounded number at once', () => {
    const credits = new Map([['shots', 10_000]]);
    expect(chooseRuns([batch(1, { waiting: 10_000, apps: ['shots'] })], credits).get(1)).toBe(MAX_CLAIM);
  });
});
