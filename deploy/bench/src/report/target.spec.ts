import { describe, expect, it } from '@jest/globals';
import { judge, type Target, targetLine } from './target.js';

const cost: Target = { what: 'cost per stage', figure: 412.4, unit: 'µs CPU', limit: 500, side: 'at most' };
const share: Target = { what: 'share of a bare chain', figure: 60, unit: '%', limit: 60, side: 'at least' };

describe(judge, () => {
  it('holds a figure below or at its upper limit, and misses one above', () => {
    expect([499, 500, 501].map((figure) => judge({ ...cost, figure }))).toEqual(['held', 'held', 'missed']);
  });

  it('holds a figure at or above its lower limit, and misses one below', () => {
    expect([59.9, 60, 61].map((figure) => judge({ ...share, figure }))).toEqual(['missed', 'held', 'held']);
  });

  it('does not hold what is no number', () => {
    expect(judge({ ...cost, figure: Number.NaN })).toBe('missed');
    expect(judge({ ...share, figure: Number.NaN })).toBe('missed');
  });

  it('neither holds nor misses what was not measured', () => {
    expect(judge({ ...cost, figure: null })).toBe('not measured');
  });
});

describe(targetLine, () => {
  it('tells verdict, figure and limit', () => {
    expect(targetLine(cost)).toBe('held          cost per stage: 412 µs CPU (at most 500)');
    expect(targetLine({ ...cost, figure: 1234.5 })).toBe('missed        cost per stage: 1,235 µs CPU (at most 500)');
    expect(targetLine({ ...cost, figure: 0.0421 })).toBe('held          cost per stage: 0.042 µs CPU (at most 500)');
  });

  it('tells why there is no figure', () => {
    expect(targetLine({ ...cost, figure: null, reason: 'there is no redis-server' })).toBe(
      'not measured  cost per stage: there is no redis-server',
    );
  });
});
