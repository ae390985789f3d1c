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
  it('gives two runs per slot, less those that still have the app ahead', () => {
    const slots = new Map([
      ['shots', 2],
      ['text', 1],
    ]);
    const loads = [
      { apps: ['shots', 'text'], nextIndex: 0, count: 1 },
      { apps: ['shots', 'text'], nextIndex: 1, count: 1 },
    ];
    expect(Object.fromEntries(freeCredits(slots, loads))).toEqual({ shots: 3, text: 0 });
  });

  it('does not count runs that have passed the app', () => {
    const loads = [{ apps: ['shots', 'text'], nextIndex: 2, count: 5 }];
    expect(Object.fromEntries(freeCredits(new Map([['shots', 1]]), loads))).toEqual({ shots: 2 });
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
