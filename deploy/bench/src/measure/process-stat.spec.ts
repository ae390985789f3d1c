import { describe, expect, it } from '@jest/globals';
import { parseStat, treeOf, treeTicks } from './process-stat.js';

const line = (pid: number, name: string, parent: number, ticks: readonly [number, number, number, number]) =>
  `${pid} (${name}) S ${parent} 7787 7790 0 -1 4194560 9434 369658 0 109 ${ticks.join(' ')} 20 0 1 0 185540 5255168\n`;

const POSTGRES = [
  line(10, 'postgres', 1, [5, 5, 100, 50]),
  line(11, 'postgres: io (worker) 1', 10, [7, 3, 0, 0]),
  line(12, 'postgres', 11, [1, 1, 0, 0]),
  line(20, 'node', 1, [400, 0, 0, 0]),
].map((text) => parseStat(text)!);

describe(parseStat, () => {
  it('reads the times of a process whose name contains spaces and parentheses', () => {
    expect(POSTGRES[1]).toEqual({ pid: 11, parent: 10, ownTicks: 10, endedChildrenTicks: 0 });
  });

  it.each(['', 'no stat at all', '12 (node) S 1'])('returns null for %p', (text) => {
    expect(parseStat(text)).toBeNull();
  });
});

describe(treeTicks, () => {
  it('sums a process, its descendants, and the children that have ended', () => {
    expect(treeTicks(10, POSTGRES)).toBe(160 + 10 + 2);
  });

  it('ignores processes outside the tree', () => {
    expect(treeOf(20, POSTGRES).map(({ pid }) => pid)).toEqual([20]);
  });

  it('returns 0 for a process that has ended', () => {
    expect(treeTicks(99, POSTGRES)).toBe(0);
  });
});
