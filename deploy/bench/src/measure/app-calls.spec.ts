import { describe, expect, it } from '@jest/globals';
import { type AppCall, firstBegin, lastAnswer, repeatedCalls, workingShares } from './app-calls.js';

const call = (app: number, begun: number, file = `${begun}`): AppCall => ({ app, file, begun, answered: begun + 100 });
const ROW = { apps: 2, slots: 1, workMs: 100 };

describe(firstBegin, () => {
  it('returns the earliest begin in any order', () => {
    expect(firstBegin([call(1, 300), call(0, 200)])).toBe(200);
  });

  it('returns NaN without calls', () => {
    expect(firstBegin([])).toBeNaN();
  });
});

describe(lastAnswer, () => {
  it('returns the latest answer and ignores calls without one', () => {
    expect(lastAnswer([call(0, 300), call(0, 200), { ...call(0, 900), answered: null }])).toBe(400);
  });

  it('returns NaN without an answer', () => {
    expect(lastAnswer([{ ...call(0, 900), answered: null }])).toBeNaN();
  });
});

describe(repeatedCalls, () => {
  it('counts each further call of an app with the same file, not calls of other apps', () => {
    expect(repeatedCalls([call(0, 1, 'a'), call(1, 2, 'a'), call(0, 3, 'b')])).toBe(0);
    expect(repeatedCalls([call(0, 1, 'a'), call(0, 2, 'a'), call(0, 3, 'a')])).toBe(2);
  });
});

describe(workingShares, () => {
  it('returns 1 for apps without a gap, however long the row fills and drains', () => {
    const calls = [call(0, 0), call(0, 100), call(0, 200), call(1, 100), call(1, 200), call(1, 300)];
    expect(workingShares(calls, ROW)).toEqual([1, 1]);
  });

  it('returns the share of each app with gaps between its calls', () => {
    const calls = [call(0, 0), call(0, 150), call(0, 300), call(1, 100), call(1, 250)];
    expect(workingShares(calls, ROW)).toEqual([0.5, 0.75]);
  });

  it('divides by the slots', () => {
    const calls = [call(0, 0), call(0, 100), call(0, 200), call(1, 100), call(1, 200)];
    expect(workingShares(calls, { ...ROW, slots: 2 })).toEqual([0.5, 0.5]);
  });

  it('counts a late answer with the processing time of the app', () => {
    const late = { ...call(1, 100), answered: 900 };
    expect(workingShares([call(0, 0), call(0, 300), late], ROW)).toEqual([0, 0.5]);
  });

  it('returns NaN when the last app begins after the last call of the first app', () => {
    expect(workingShares([call(0, 0), call(1, 100)], ROW)).toEqual([Number.NaN, Number.NaN]);
  });
});
