import { describe, expect, it } from '@jest/globals';
import { judge, type Target, targetLine } from './target.js';

const cost: Target = { what: 'cost per stage', figure: 412.4, unit: 'µs CPU', limit: 500, side: 'at most' };
const share: Target = { what: 'share of a bare chain', figure: 60, unit: '%', limit: 60, side: 'at least' };

describe(judge, () => {
  it('accepts a figure up to its upper limit and rejects a larger one', () => {
    expect([499, 500, 501].map((figure) => judge({ ...cost, figure }))).toEqual(['met', 'met', 'missed']);
  });

  it('accepts a figure from its lower limit and rejects a smaller one', () => {
    expect([59.9, 60, 61].map((figure) => judge({ ...share, figure }))).toEqual(['missed', 'met', 'met']);
  });

  it('rejects NaN', () => {
    expect(judge({ ...cost, figure: Number.NaN })).toBe('missed');
    expect(judge({ ...share, figure: Number.NaN })).toBe('missed');
  });

  it('returns "not measured" without a figure', () => {
    expect(judge({ ...cost, figure: null })).toBe('not measured');
  });
});

describe(targetLine, () => {
  it('contains verdict, figure and limit', () => {
    expect(targetLine(cost)).toBe('met           cost per stage: 412 µs CPU (at most 500)');
    expect(targetLine({ ...cost, figure: 1234.5 })).toBe('missed        cost per stage: 1,235 µs CPU (at most 500)');
    expect(targetLine({ ...cost, figure: 0.0421 })).toBe('met           cost per stage: 0.042 µs CPU (at most 500)');
  });

  it('contains the reason for a missing figure', () => {
    expect(targetLine({ ...cost, figure: null, reason: 'there is no redis-server' })).toBe(
      'not measured  cost per stage: there is no redis-server',
    );
  });
});
