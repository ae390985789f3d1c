import { describe, expect, it } from '@jest/globals';
import { readCell } from '#libs/contracts';
import { gridOf, type GridFacts, partlySkipped } from './cells-grid.js';

function packed(...numbers: number[]): Buffer {
  const bytes = Buffer.alloc(numbers.length * 4);
  numbers.forEach((number, at) => bytes.writeUInt32BE(number, at * 4));
  return bytes;
}

/** Runs with their row as a number; their IDs are row + 100. */
function runs(...pairs: (readonly [row: number, number: number])[]): Buffer {
  return packed(...pairs.flatMap(([row, number]) => [0, row + 100, number]));
}
const standingAt = (...rows: number[]) => ({
  rows: packed(...rows),
  ids: packed(...rows.flatMap((row) => [0, row + 100])),
});

const at = { delayed: false, nextIndex: 0 };
/**
 * Two stages: row 0 is done, row 1 failed at its second stage, row 2 is running at its first stage, row 3 is waiting.
 */
const facts: GridFacts = {
  rows: 4,
  stages: 2,
  counts: [
    { index: 0, state: 'done', count: 2 },
    { index: 0, state: 'running', count: 1 },
    { index: 0, state: 'waiting', count: 1 },
    { index: 0, state: 'queued', count: 0 },
    { index: 1, state: 'done', count: 1 },
    { index: 1, state: 'failed', count: 1 },
    { index: 1, state: 'waiting', count: 2 },
  ],
  runs: [
    { ...at, state: 'done', nextIndex: 2, ...standingAt(0) },
    { ...at, state: 'failed', nextIndex: 1, ...standingAt(1) },
    { ...at, state: 'running', ...standingAt(2) },
    { ...at, state: 'waiting', ...standingAt(3) },
  ],
  standing: [{ state: 'running', cells: packed(4) }],
  skipped: null,
  marks: [{ mark: 'partial', packed: runs([0, 1], [1, 0], [70, 0], [0, 2]) }],
};
const count = (index: number, state: GridFacts['counts'][number]['state'], number: number) => ({
  index,
  state,
  count: number,
});
const states = (given: GridFacts) => {
  const bytes = gridOf(given);
  return bytes && [...bytes].map((code) => readCell(code).state);
};

describe('gridOf', () => {
  it('draws cells from the positions of runs and from marks', () => {
    expect(states(facts)).toEqual(['done', 'done', 'done', 'failed', 'running', 'waiting', 'waiting', 'waiting']);
    const marks = [...gridOf(facts)!].map((code) => readCell(code).mark);
    expect(marks).toEqual([undefined, 'partial', 'partial', ...Array.from({ length: 5 }, () => undefined)]);
  });

  it('draws waiting runs that are not listed', () => {
    const listed = facts.runs.filter(({ state }) => state !== 'waiting').map((run) => ({ ...run, ids: null }));
    const given = { ...facts, runs: listed, marks: [] };
    expect(states(given)).toEqual(states(facts));
    expect(states({ ...given, runs: listed.slice(1) })).toBeNull();
  });

  it('distinguishes a run that waits for a retry from other waiting runs', () => {
    const delayed = [{ state: 'waiting', nextIndex: 0, delayed: true, ...standingAt(0) }] as const;
    const counts = [count(0, 'retrying', 1), count(1, 'waiting', 1)];
    expect(states({ ...facts, rows: 1, counts, runs: delayed, standing: [], marks: [] })).toEqual([
      'retrying',
      'waiting',
    ]);
  });

  it('draws a stage that all runs have skipped, with its marks', () => {
    const done = [{ ...at, state: 'done', nextIndex: 2, ...standingAt(0, 1) }] as const;
    const counts = [count(0, 'skipped', 2), count(1, 'done', 2)];
    const marks = [{ mark: 'empty', packed: runs([1, 0]) }] as const;
    const given = { ...facts, rows: 2, counts, runs: done, standing: [], marks };
    expect(states(given)).toEqual(['skipped', 'done', 'skipped', 'done']);
    expect(readCell(gridOf(given)![2]!)).toEqual({ state: 'skipped', mark: 'empty' });
  });

  it('draws a stage that some runs have skipped and ignores runs of other batches', () => {
    const done = [{ ...at, state: 'done', nextIndex: 2, ...standingAt(0, 1, 2) }] as const;
    const counts = [count(0, 'skipped', 2), count(0, 'done', 1), count(1, 'done', 3)];
    const skipped = runs([0, 0], [7, 0], [2, 0], [2, 5]);
    const given = { ...facts, rows: 3, counts, runs: done, standing: [], skipped, marks: [] };
    expect(states(given)).toEqual(['skipped', 'done', 'done', 'done', 'skipped', 'done']);
    expect(partlySkipped(counts)).toEqual([0]);
  });

  it('lists skipped stages only if some runs have skipped them and others have not', () => {
    expect(partlySkipped([count(0, 'skipped', 2), count(0, 'done', 0), count(1, 'done', 2)])).toEqual([]);
  });

  it.each([
    ['a partly skipped stage that is not listed', [count(0, 'skipped', 1), count(0, 'done', 1)]],
    ['a stage that was passed without a settlement', [count(0, 'done', 1), count(0, 'running', 2)]],
    ['a wrong number', [count(0, 'done', 3)]],
  ])('returns null when the counters contain %s', (_, changed) => {
    const others = facts.counts.filter(
      (one) => !changed.some(({ index, state }) => index === one.index && state === one.state),
    );
    expect(gridOf({ ...facts, counts: [...others, ...changed] })).toBeNull();
  });
});
