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

describe('the free credits of an app', () => {
  const slots = new Map([
    ['shots', 2],
    ['text', 1],
  ]);
  const durations = (shots: number, text: number) => new Map(Object.entries({ shots, text }));
  const nothingKnown = new Map<string, number>();
  const load = (nextIndex: number, count: number) => ({ apps: ['shots', 'text'], nextIndex, count });
  const credits = (known: ReadonlyMap<string, number>, ...loads: ReturnType<typeof load>[]) =>
    Object.fromEntries(freeCredits({ slots, durations: known }, loads));

  it('are two per slot, less the runs that still have to pass the app', () => {
    expect(credits(nothingKnown, load(0, 1), load(1, 1))).toEqual({ shots: 3, text: 0 });
  });

  it('are not reduced by runs that have passed the app', () => {
    expect(credits(nothingKnown, load(2, 5))).toEqual({ shots: 4, text: 2 });
  });

  it('are increased by the runs at the app before that keep an app busy', () => {
    expect(credits(durations(100, 100), load(0, 1))).toEqual({ shots: 3, text: 2 + 1 - 1 });
    expect(credits(durations(200, 100), load(0, 1))).toEqual({ shots: 3, text: 2 + 2 - 1 });
  });

  it('are increased by at most the slots of the app before, however slow that is', () => {
    expect(credits(durations(60_000, 1), load(0, 1)).text).toBe(2 + 2 - 1);
  });

  it('are increased by one at most for a fast app before a slow one', () => {
    const many = new Map([...slots, ['shots', 64]] as [string, number][]);
    const known = durations(1, 60_000);
    expect(freeCredits({ slots: many, durations: known }, [load(0, 1)]).get('text')).toBe(2 + 1 - 1);
  });

  it('are reduced by one per run when the app is twice on its route', () => {
    const twice = { apps: ['shots', 'text', 'shots'], nextIndex: 0, count: 1 };
    expect(Object.fromEntries(freeCredits({ slots, durations: nothingKnown }, [twice]))).toEqual({ shots: 3, text: 1 });
  });

  it('are not increased by the app itself when it is twice on a route', () => {
    const twice = { apps: ['shots', 'text', 'shots'], nextIndex: 0, count: 1 };
    const { shots } = Object.fromEntries(freeCredits({ slots, durations: durations(100, 100) }, [twice]));
    // Two per slot, one on its way at text, less the run itself.
    expect(shots).toBe(4 + 1 - 1);
  });

  it('are not increased by apps that no run in progress passes, nor for a paused app', () => {
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

  it('gives a batch with four times the weight four times the runs', () => {
    expect(Object.fromEntries(chooseRuns([batch(1, { weight: 400 }), batch(2)], plenty))).toEqual({ 1: 8, 2: 2 });
  });

  it('does not keep a later batch waiting behind a huge one', () => {
    const huge = batch(1, { pass: 50_000, waiting: 100_000 });
    expect(chooseRuns([huge, batch(2, { pass: 50_000, waiting: 3 })], plenty).get(2)).toBe(3);
  });

  it('chooses no run that has to pass an app without credits, and does not affect other routes', () => {
    const credits = new Map([
      ['shots', 4],
      ['text', 0],
    ]);
    expect(Object.fromEntries(chooseRuns([batch(1), batch(2, { apps: ['shots'] })], credits))).toEqual({ 2: 4 });
  });

  it('takes one credit per run of an app that is twice on its route', () => {
    const credits = new Map([
      ['shots', 2],
      ['text', 10],
    ]);
    expect(chooseRuns([batch(1, { apps: ['shots', 'text', 'shots'] })], credits).get(1)).toBe(2);
  });

  it('does not choose more runs than are waiting', () => {
    expect(Object.fromEntries(chooseRuns([batch(1, { waiting: 2 })], plenty))).toEqual({ 1: 2 });
  });

  it('chooses at most one claim of runs', () => {
    const credits = new Map([['shots', 10_000]]);
    expect(chooseRuns([batch(1, { waiting: 10_000, apps: ['shots'] })], credits).get(1)).toBe(MAX_CLAIM);
  });
});
