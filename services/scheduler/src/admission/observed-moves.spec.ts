import { describe, expect, it } from '@jest/globals';
import { type DoneStage, withObservedMoves } from './observed-moves.js';

const ROUTE = ['shots', 'text', 'names'];
const load = (nextIndex: number, count: number, held = false) => ({ batch: 1, route: ROUTE, nextIndex, count, held });
const done = (run: number, index: number, batch = 1): DoneStage => ({ batch, run, index, stages: ROUTE.length });

describe('the runs in progress with observed moves', () => {
  it('are those of Postgres without events', () => {
    const recorded = [load(0, 2)];
    expect(withObservedMoves(recorded, [])).toBe(recorded);
  });

  it('moves a run whose stage is done to the next stage', () => {
    expect(withObservedMoves([load(0, 2), load(1, 5)], [done(7, 0)])).toEqual([load(0, 1), load(1, 6)]);
  });

  it('moves a run to a stage where no run was before', () => {
    expect(withObservedMoves([load(0, 2)], [done(7, 0)])).toEqual([load(0, 1), load(1, 1)]);
  });

  it('moves a run with several done stages once, in any order of its events', () => {
    expect(withObservedMoves([load(0, 2)], [done(7, 0), done(7, 1)])).toEqual([load(0, 1), load(2, 1)]);
    expect(withObservedMoves([load(1, 2)], [done(7, 1), done(7, 1)])).toEqual([load(1, 1), load(2, 1)]);
  });

  it('moves a run to a held stage, or away from one', () => {
    expect(withObservedMoves([load(0, 1), load(1, 2, true)], [done(7, 0)])).toEqual([load(1, 3, true)]);
    expect(withObservedMoves([load(0, 1, true)], [done(7, 0)])).toEqual([load(1, 1)]);
  });

  it('does not count a run whose last stage is done', () => {
    expect(withObservedMoves([load(2, 1), load(0, 1)], [done(7, 2)])).toEqual([load(0, 1)]);
    expect(withObservedMoves([load(2, 1)], [done(7, 2)])).toEqual([]);
  });

  it('ignores a run that Postgres does not count there, and other batches', () => {
    expect(withObservedMoves([load(1, 1)], [done(7, 0)])).toEqual([load(1, 1)]);
    expect(withObservedMoves([load(0, 1)], [done(7, 0), done(8, 0)])).toEqual([load(1, 1)]);
    expect(withObservedMoves([load(0, 1)], [done(7, 0, 2)])).toEqual([load(0, 1)]);
  });

  it('does not change what it was given', () => {
    const recorded = [load(0, 2)];
    withObservedMoves(recorded, [done(7, 0)]);
    expect(recorded).toEqual([load(0, 2)]);
  });
});
