import { describe, expect, it } from '@jest/globals';
import { type Ended, faultsOf, reportOf } from './report.js';

const tally = { requests: 5000, repetitions: 40, classes: { '2xx': 3000, '4xx': 2000 }, neverDone: [] };
const refused = { name: 'GET /api/x', answers: { 404: 9 } };
const ended: Ended = { tally, isClean: true, seed: 7, examples: 30, isFilled: true };

describe(faultsOf, () => {
  it('returns none for a run with correct responses and successful operations', () => {
    expect(faultsOf(ended)).toEqual([]);
  });

  it.each<[string, Partial<Ended>, RegExp]>([
    ['a response that differs from its description', { isClean: false }, /differ from their description/],
    ['an operation without success', { tally: { ...tally, neverDone: [refused] } }, /never succeeded/],
    ['too few requests', { tally: { ...tally, requests: 1999 } }, /Only 1999 requests were sent, fewer than 2000/],
  ])('returns %s', (_, change, sentence) => {
    expect(faultsOf({ ...ended, ...change })).toEqual([expect.stringMatching(sentence)]);
  });

  it('requires only correct responses of a gateway that may be empty', () => {
    const empty = { ...tally, requests: 10, neverDone: [refused] };
    expect(faultsOf({ ...ended, isFilled: false, tally: empty })).toEqual([]);
    expect(faultsOf({ ...ended, isFilled: false, isClean: false })).toHaveLength(1);
  });
});

describe(reportOf, () => {
  it('contains the numbers of requests and the command that repeats the run', () => {
    expect(reportOf(ended)).toBe(`5000 requests: 3000 × 2xx, 2000 × 4xx; 40 of them repeated commands.
Every operation succeeded at least once.
All responses match their description.
Repeat: npm run fuzz -- --seed 7 --examples 30`);
  });

  it('lists operations without success, with the reason', () => {
    const report = reportOf({
      ...ended,
      tally: { ...tally, neverDone: [refused, { name: 'POST /api/y', answers: {} }] },
    });
    expect(report).toContain(
      '2 operations never succeeded:\n  GET /api/x (9 × 404)\n  POST /api/y (not requested)\nSome operations never',
    );
    expect(report).not.toContain('All responses match');
  });
});
