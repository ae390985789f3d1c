import { describe, expect, it } from '@jest/globals';
import { type Ended, faultsOf, reportOf } from './report.js';

const tally = { requests: 5000, repetitions: 40, classes: { '2xx': 3000, '4xx': 2000 }, neverDone: [] };
const refused = { name: 'GET /api/x', answers: { 404: 9 } };
const ended: Ended = { tally, isClean: true, seed: 7, examples: 30, isFilled: true };

describe('faultsOf', () => {
  it('finds none in a run that was answered as described and reached everything', () => {
    expect(faultsOf(ended)).toEqual([]);
  });

  it.each<[string, Partial<Ended>, RegExp]>([
    ['an answer that is not as described', { isClean: false }, /not as described/],
    ['an operation that was never done', { tally: { ...tally, neverDone: [refused] } }, /never done/],
    ['too few requests', { tally: { ...tally, requests: 1999 } }, /1999 requests are fewer than 2000/],
  ])('finds %s', (_, change, sentence) => {
    expect(faultsOf({ ...ended, ...change })).toEqual([expect.stringMatching(sentence)]);
  });

  it('asks nothing more than right answers of a gateway that may hold nothing', () => {
    const empty = { ...tally, requests: 10, neverDone: [refused] };
    expect(faultsOf({ ...ended, isFilled: false, tally: empty })).toEqual([]);
    expect(faultsOf({ ...ended, isFilled: false, isClean: false })).toHaveLength(1);
  });
});

describe('reportOf', () => {
  it('tells what was asked and how to ask it again', () => {
    expect(reportOf(ended)).toBe(`5000 requests: 3000 × 2xx, 2000 × 4xx; 40 of them commands sent again with their key.
Every operation was done at least once.
All were answered as described.
The same again: npm run fuzz -- --seed 7 --examples 30`);
  });

  it('lists what was never done, and why that is wrong', () => {
    const report = reportOf({
      ...ended,
      tally: { ...tally, neverDone: [refused, { name: 'POST /api/y', answers: {} }] },
    });
    expect(report).toContain(
      '2 operations were never done:\n  GET /api/x (9 × 404)\n  POST /api/y (not asked)\nOperations were never',
    );
    expect(report).not.toContain('All were answered');
  });
});
