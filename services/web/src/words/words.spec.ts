import { describe, expect, it } from '@jest/globals';
import {
  type BatchSummary,
  type MarkCounts,
  type Outcome,
  STAGE_MARKS,
  STAGE_STATES,
  type StageCounts,
  type StageState,
} from '#libs/contracts';
import { announcement } from './announcement.js';
import { formatBytes } from './bytes.js';
import { elapsed, formatDuration } from './duration.js';
import { barName, barParts, batchSign, cellName, SIGNS, signOf, signWords, tellingSentence } from './stage-words.js';

const counts = (known: Partial<StageCounts>): StageCounts => ({
  ...(Object.fromEntries(STAGE_STATES.map((state) => [state, 0])) as Record<StageState, number>),
  ...known,
});
const marks = (known: Partial<MarkCounts> = {}): MarkCounts => ({ warnings: 0, empty: 0, partial: 0, ...known });

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

describe('sizes', () => {
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

  it('names a done cell by its mark, and a cell without one by its state', () => {
    expect(STAGE_MARKS.map((mark) => cellName('x', 'text', signOf('done', mark), null))).toEqual([
      'x, text, done, with warnings',
      'x, text, done, nothing found',
      'x, text, done, covers only a part',
    ]);
    expect(cellName('x', 'text', signOf('done', null), null)).toBe('x, text, done');
  });

  it('has a sign with words of its own for every state and mark', () => {
    expect(new Set(SIGNS)).toEqual(new Set([...STAGE_STATES, ...STAGE_MARKS]));
    expect(new Set(SIGNS.map(signWords)).size).toBe(SIGNS.length);
  });

  it('divides a bar by states, settled ones first, without empty parts', () => {
    expect(barParts(counts({ waiting: 1, done: 2, failed: 1 }), marks())).toEqual([
      { sign: 'done', count: 2, percent: 50 },
      { sign: 'failed', count: 1, percent: 25 },
      { sign: 'waiting', count: 1, percent: 25 },
    ]);
    expect(barName('shots', counts({ running: 1, done: 2 }), marks())).toBe('shots: 2 done, 1 running');
    expect(barName('shots', counts({}), marks())).toBe('shots: no files');
  });

  it('sets marked files apart from those that are simply done, and counts none twice', () => {
    const [all, some] = [counts({ done: 4, running: 4 }), marks({ empty: 1, partial: 2 })];
    expect(barParts(all, some).map(({ sign, count }) => [sign, count])).toEqual([
      ['done', 1],
      ['empty', 1],
      ['partial', 2],
      ['running', 4],
    ]);
    expect(barName('text', all, some)).toBe('text: 4 done (1 nothing found, 2 covers only a part), 4 running');
    expect(barParts(counts({ done: 1 }), marks({ empty: 1 })).map(({ sign }) => sign)).toEqual(['empty']);
  });

  it('says of a finished batch whether files failed, and of no other', () => {
    const runs = { waiting: 0, running: 0, done: 2, failed: 0, cancelled: 0 };
    expect(batchSign({ state: 'finished', runs })).toEqual({ sign: 'finished', words: 'finished' });
    const failed = { ...runs, failed: 1 };
    expect(batchSign({ state: 'finished', runs: failed })).toEqual({ sign: 'failed', words: 'finished with failures' });
    expect(batchSign({ state: 'running', runs: failed })).toEqual({ sign: 'running', words: 'running' });
  });

  it.each<[Outcome | null, string[], string | null]>([
    ['ok', [], null],
    ['ok-with-warnings', ['no sound'], null],
    ['empty', ['no sound'], null],
    ['empty', [], 'The sentence.'],
    ['app-error', [], 'The sentence.'],
    [null, [], 'The sentence.'],
  ])('tells the sentence of a stage that ended %s with warnings %j as %j', (outcome, warnings, told) => {
    expect(tellingSentence({ outcome, warnings, sentence: 'The sentence.' })).toBe(told);
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
