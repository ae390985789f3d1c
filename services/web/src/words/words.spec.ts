import { describe, expect, it } from '@jest/globals';
import { type BatchSummary, STAGE_STATES, type StageCounts, type StageState } from '#libs/contracts';
import { announcement } from './announcement.js';
import { countOf, formatBytes } from './count.js';
import { elapsed, formatDuration } from './duration.js';
import { barName, barParts, cellName, STAGE_SIGNS } from './stage-words.js';

const counts = (known: Partial<StageCounts>): StageCounts => ({
  ...(Object.fromEntries(STAGE_STATES.map((state) => [state, 0])) as Record<StageState, number>),
  ...known,
});

describe('durations', () => {
  it.each([
    [-5, '0.0 s'],
    [400, '0.4 s'],
    [12_345, '12 s'],
    [59_700, '1 min 00 s'],
    [185_000, '3 min 05 s'],
    [3_599_600, '1 h 00 min'],
    [30 * 3_600_000 + 240_000, '30 h 04 min'],
  ])('says %d ms as "%s"', (ms, words) => expect(formatDuration(ms)).toBe(words));

  it('counts up to now until something has ended, and not before it began', () => {
    const start = '2026-01-01T10:00:00Z';
    expect(elapsed(start, null, Date.parse(start) + 7)).toBe(7);
    expect(elapsed(start, '2026-01-01T10:00:02Z', Date.parse(start) + 7)).toBe(2000);
    expect(elapsed(null, null, 7)).toBeNull();
  });
});

describe('counts and sizes', () => {
  it('uses the singular for one only', () => {
    expect([0, 1, 2].map((n) => countOf(n, 'file'))).toEqual(['0 files', '1 file', '2 files']);
  });

  it.each([
    [0, '0 B'],
    [812, '812 B'],
    [1024, '1.0 KiB'],
    [3.4 * 1024 * 1024, '3.4 MiB'],
    [5000 * 1024 ** 3, '5000.0 GiB'],
  ])('says %d bytes as "%s"', (bytes, words) => expect(formatBytes(bytes)).toBe(words));
});

describe('words for stages', () => {
  it('names a cell by file, stage and state, with the percent of a running one', () => {
    expect(cellName('cpb-aacip-507-x', 'shots', 'done', null)).toBe('cpb-aacip-507-x, shots, done');
    expect(cellName('cpb-aacip-507-x', 'text', 'running', 40.9)).toBe('cpb-aacip-507-x, text, running, 40 %');
  });

  it('has a sign of its own for every state', () => {
    expect(new Set(STAGE_STATES.map((state) => STAGE_SIGNS[state])).size).toBe(STAGE_STATES.length);
  });

  it('divides a bar by states, settled ones first, without empty parts', () => {
    expect(barParts(counts({ waiting: 1, done: 2, failed: 1 }))).toEqual([
      { state: 'done', count: 2, percent: 50 },
      { state: 'failed', count: 1, percent: 25 },
      { state: 'waiting', count: 1, percent: 25 },
    ]);
    expect(barName('shots', counts({ running: 1, done: 2 }))).toBe('shots: 2 done, 1 running');
    expect(barName('shots', counts({}))).toBe('shots: no files');
  });
});

describe('the announcement for screen readers', () => {
  const summary = (sentence: string, done: number, failed = 0) =>
    ({ sentence, runs: { waiting: 0, running: 0, done, failed, cancelled: 0 } }) as BatchSummary;

  it('tells the sentence, and how many files ended since the last time', () => {
    const next = announcement(summary('Batch 1: shots 10 %', 1), summary('Batch 1: shots 40 %', 4, 1));
    expect(next).toBe('Batch 1: shots 40 % (3 more done, 1 more failed)');
  });

  it('tells neither the first sentence nor the same one again', () => {
    expect(announcement(null, summary('Batch 1: shots 10 %', 1))).toBeNull();
    expect(announcement(summary('Batch 1: shots 10 %', 1), summary('Batch 1: shots 10 %', 1))).toBeNull();
  });
});
