import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type CellChange, type CellsChange, packCells, STAGE_STATES, unpackCells } from '#libs/contracts';
import { mergeChanges, Ring } from './ring.js';

const STAGES = 3;
const ROWS = 5;
const ROOMY = { changes: 100, bytes: 100_000 };

const change = (from: number, to: number, bytes = 4): CellsChange => ({ from, to, cells: new Uint8Array(bytes) });

describe('a ring of changes', () => {
  it('returns everything after a known version', () => {
    const ring = new Ring(ROOMY);
    [change(0, 1), change(1, 3), change(3, 4)].forEach((c) => ring.add(c));
    expect(ring.since(1)).toMatchObject({ from: 1, to: 4 });
    expect(ring.since(1)?.cells).toHaveLength(8);
  });

  it('returns nothing for the newest version and for an unknown newer one', () => {
    const ring = new Ring(ROOMY);
    ring.add(change(0, 4));
    expect(ring.since(4)?.cells).toHaveLength(0);
    expect(ring.since(9)).toMatchObject({ from: 9, to: 9 });
  });

  it('reports a gap when it is empty or the version is older than its changes', () => {
    const ring = new Ring(ROOMY);
    expect(ring.since(0)).toBeNull();
    ring.add(change(7, 8));
    expect(ring.since(6)).toBeNull();
  });

  it('returns a change that begins before an announced version', () => {
    const ring = new Ring(ROOMY);
    ring.add(change(5, 5, 0));
    ring.add(change(4, 6));
    expect(ring.since(4)).toMatchObject({ from: 4, to: 6 });
  });

  it('discards its changes when one begins after the newest version', () => {
    const ring = new Ring(ROOMY);
    [change(0, 1), change(1, 2), change(5, 6)].forEach((c) => ring.add(c));
    expect(ring.since(1)).toBeNull();
    expect(ring.since(5)).toMatchObject({ from: 5, to: 6 });
  });

  it('returns a change from the requested version, also in the middle of a stored one', () => {
    const ring = new Ring(ROOMY);
    ring.add(change(1, 3));
    expect(ring.since(2)).toMatchObject({ from: 2, to: 3 });
  });

  it('knows version 0, and no version before its first change', () => {
    const ring = new Ring(ROOMY);
    expect(ring.version).toBe(-1);
    ring.add(change(0, 0, 0));
    expect(ring.since(0)).toMatchObject({ from: 0, to: 0 });
  });

  it('does not count discarded changes towards its limit in bytes', () => {
    const ring = new Ring({ changes: 10, bytes: 8 });
    [change(0, 1, 8), change(5, 6, 4), change(6, 7, 4)].forEach((c) => ring.add(c));
    expect(ring.since(5)).toMatchObject({ from: 5, to: 7 });
  });

  it('keeps 2,000 changes and 4 MiB by default', () => {
    const [byNumber, byBytes] = [new Ring(), new Ring()];
    for (let from = 0; from < 2000; from += 1) byNumber.add(change(from, from + 1, 1));
    expect(byNumber.since(0)).toMatchObject({ to: 2000 });
    byNumber.add(change(2000, 2001, 1));
    expect(byNumber.since(0)).toBeNull();
    byBytes.add(change(0, 1, 4 * 1024 * 1024));
    expect(byBytes.since(0)).toMatchObject({ to: 1 });
    byBytes.add(change(1, 2, 1));
    expect(byBytes.since(0)).toBeNull();
  });

  it('detects lost changes by a repeated version', () => {
    const ring = new Ring(ROOMY);
    ring.add(change(0, 1));
    expect(ring.add(change(3, 3, 0))).toBe(true);
    expect(ring.since(1)).toBeNull();
    expect(ring.since(3)).toMatchObject({ from: 3, to: 3 });
  });

  it('keeps its changes when the newest version is repeated', () => {
    const ring = new Ring(ROOMY);
    ring.add(change(0, 1));
    expect(ring.add(change(1, 1, 0))).toBe(false);
    expect(ring.since(0)).toMatchObject({ from: 0, to: 1 });
  });

  it('ignores a change older than its newest version', () => {
    const ring = new Ring(ROOMY);
    ring.add(change(4, 5));
    expect(ring.add(change(3, 4))).toBe(false);
    expect(ring.since(3)).toBeNull();
  });

  it('discards the oldest changes above its limits in number and bytes', () => {
    const byNumber = new Ring({ changes: 2, bytes: 1000 });
    const byBytes = new Ring({ changes: 100, bytes: 8 });
    for (const ring of [byNumber, byBytes]) {
      [change(0, 1), change(1, 2), change(2, 3)].forEach((c) => ring.add(c));
      expect(ring.since(0)).toBeNull();
      expect(ring.since(1)).toMatchObject({ from: 1, to: 3 });
    }
  });
});

const cellChanges = fc.array(
  fc.record({ row: fc.nat(ROWS - 1), index: fc.nat(STAGES - 1), state: fc.constantFrom(...STAGE_STATES) }),
  { minLength: 1, maxLength: 4 },
);

const apply = (grid: string[], changes: Iterable<CellChange>) => {
  for (const { row, index, state } of changes) grid[row * STAGES + index] = state;
};

/** A server's cells at each version, and the messages between the versions. */
function history(commits: CellChange[][]) {
  const grids: string[][] = [Array<string>(ROWS * STAGES).fill('waiting')];
  const messages = commits.map((changes, from): CellsChange => {
    const next = [...grids[from]!];
    apply(next, changes);
    grids.push(next);
    return { from, to: from + 1, cells: packCells(changes, STAGES) };
  });
  return { grids, messages };
}

describe('a client that catches up through the ring', () => {
  it('matches the server even if messages to the notifier were lost, repeated or reordered', () => {
    fc.assert(
      fc.property(
        fc.array(cellChanges, { minLength: 1, maxLength: 12 }),
        fc.array(fc.nat(11), { maxLength: 30 }),
        fc.nat(12),
        fc.nat(4),
        (commits, deliveries, startAt, ringSize) => {
          const { grids, messages } = history(commits);
          const newest = messages.length;
          const ring = new Ring({ changes: ringSize, bytes: ROOMY.bytes });
          deliveries.filter((n) => n < newest).forEach((n) => ring.add(messages[n]!));
          ring.add(change(newest, newest, 0));

          const version = Math.min(startAt, newest);
          const answer = ring.since(version);
          const grid = [...(answer ? grids[version]! : grids[newest]!)];
          if (answer) apply(grid, unpackCells(answer.cells, STAGES));
          expect(grid).toEqual(grids[newest]);
        },
      ),
    );
  });

  it('matches the server after merged changes', () => {
    fc.assert(
      fc.property(fc.array(cellChanges, { minLength: 1, maxLength: 12 }), (commits) => {
        const { grids, messages } = history(commits);
        const grid = [...grids[0]!];
        apply(grid, unpackCells(mergeChanges(messages).cells, STAGES));
        expect(grid).toEqual(grids.at(-1));
      }),
    );
  });
});
