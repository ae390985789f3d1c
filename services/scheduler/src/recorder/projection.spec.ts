import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Fact } from '#libs/contracts';
import { project } from './projection.js';

const fact = (change: Partial<Fact>): Fact => ({
  v: 1,
  installation: 'here',
  batch: 1,
  run: 5,
  row: 0,
  guid: 'cpb-aacip-1',
  index: 0,
  stages: 3,
  app: 'shots_v1',
  generation: 1,
  root: '100',
  delivery: 1,
  call: 1,
  kind: 'started',
  worker: 'w1',
  times: { published: 10, started: 20 },
  ...change,
});
const done = (change: Partial<Fact> = {}) =>
  fact({ kind: 'done', outcome: 'ok', times: { published: 10, started: 20, settled: 30 }, ...change });

const states = (facts: readonly Fact[]) => Object.fromEntries(project(facts).map(({ index, state }) => [index, state]));

describe('project', () => {
  it('lets a settlement win over its start, in either order', () => {
    expect(states([fact({}), done()])[0]).toBe('done');
    expect(states([done(), fact({})])[0]).toBe('done');
  });

  it('lets a settlement win over the start that a later delivery has reported', () => {
    expect(states([fact({ delivery: 2 }), done({ delivery: 1 })])[0]).toBe('done');
    expect(states([done({ delivery: 1 }), fact({ delivery: 2 })])[0]).toBe('done');
    expect(project([fact({ delivery: 1 }), fact({ delivery: 2 })])).toMatchObject([{ delivery: 2 }]);
  });

  it('lets a settlement stand against a later delivery that put the stage back', () => {
    const parked = fact({ kind: 'parked', delivery: 2, times: { published: 10, started: 40, settled: 40 } });
    expect(states([done(), parked])[0]).toBe('done');
    expect(states([parked, done()])[0]).toBe('done');
    expect(states([fact({ delivery: 3 }), parked])[0]).toBe('waiting');
  });

  it('queues the next stage after a done one, but not after the last or a failed one', () => {
    expect(states([done()])).toEqual({ 0: 'done', 1: 'queued' });
    expect(states([done({ index: 2 })])).toEqual({ 2: 'done' });
    expect(states([fact({ kind: 'failed', outcome: 'timeout' })])).toEqual({ 0: 'failed' });
  });

  it('does not let a late start of an older lineage undo a newer settlement', () => {
    expect(states([done({ root: '200' }), fact({ root: '100', delivery: 9 })])[0]).toBe('done');
  });

  it('shows a replay as running although the repeated try was done', () => {
    expect(states([done({ index: 2 }), fact({ index: 2, root: '200' })])).toEqual({ 2: 'running' });
  });

  it('comes to the same end in whatever order facts arrive, and however often', () => {
    const facts = [fact({}), done(), fact({ index: 1 }), done({ index: 1 }), fact({ root: '300' }), fact({ index: 2 })];
    const expected = states(facts);
    const deliveries = fc.shuffledSubarray([...facts, ...facts], { minLength: facts.length * 2 });
    fc.assert(fc.property(deliveries, (arrived) => expect(states(arrived)).toEqual(expected)));
  });
});
