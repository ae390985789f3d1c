import { describe, expect, it } from '@jest/globals';
import {
  type MarkCounts,
  type Outcome,
  STAGE_MARKS,
  STAGE_STATES,
  type StageCounts,
  type StageState,
} from '#libs/contracts';
import { barName, barParts, batchSign, cellName, SIGNS, signOf, signLabel, visibleSentence } from './stage-labels.js';

const counts = (known: Partial<StageCounts>): StageCounts => ({
  ...(Object.fromEntries(STAGE_STATES.map((state) => [state, 0])) as Record<StageState, number>),
  ...known,
});
const marks = (known: Partial<MarkCounts> = {}): MarkCounts => ({ warnings: 0, empty: 0, partial: 0, ...known });

describe('the labels of stages', () => {
  it('name a cell by file, stage and state, with the percentage of a running stage', () => {
    expect(cellName('cpb-aacip-507-x', 'shots', 'done', null)).toBe('cpb-aacip-507-x, shots, done');
    expect(cellName('cpb-aacip-507-x', 'text', 'running', { percent: 40.9 })).toBe(
      'cpb-aacip-507-x, text, running, 40 %',
    );
    const estimate = { percent: 40.9, estimated: true } as const;
    expect(cellName('x', 'text', 'running', estimate)).toBe('x, text, running, about 40 %');
  });

  it('name a done cell by its mark, and a cell without a mark by its state', () => {
    expect(STAGE_MARKS.map((mark) => cellName('x', 'text', signOf('done', mark), null))).toEqual([
      'x, text, done, with warnings',
      'x, text, done, nothing found',
      'x, text, done, partial coverage',
    ]);
    expect(cellName('x', 'text', signOf('done', null), null)).toBe('x, text, done');
  });

  it('are different for every state and mark', () => {
    expect(new Set(SIGNS)).toEqual(new Set([...STAGE_STATES, ...STAGE_MARKS]));
    expect(new Set(SIGNS.map(signLabel)).size).toBe(SIGNS.length);
  });

  it('divide a bar by states, settled states first, without empty parts', () => {
    expect(barParts(counts({ waiting: 1, done: 2, failed: 1 }), marks())).toEqual([
      { sign: 'done', count: 2, percent: 50 },
      { sign: 'failed', count: 1, percent: 25 },
      { sign: 'waiting', count: 1, percent: 25 },
    ]);
    expect(barName('shots', counts({ running: 1, done: 2 }), marks())).toBe('shots: 2 done, 1 running');
    expect(barName('shots', counts({}), marks())).toBe('shots: no files');
  });

  it('count each marked file once, separately from files that are done', () => {
    const [all, some] = [counts({ done: 4, running: 4 }), marks({ empty: 1, partial: 2 })];
    expect(barParts(all, some).map(({ sign, count }) => [sign, count])).toEqual([
      ['done', 1],
      ['empty', 1],
      ['partial', 2],
      ['running', 4],
    ]);
    expect(barName('text', all, some)).toBe('text: 4 done (1 nothing found, 2 partial coverage), 4 running');
    expect(barParts(counts({ done: 1 }), marks({ empty: 1 })).map(({ sign }) => sign)).toEqual(['empty']);
  });

  it('state whether files of a finished batch failed, but not of a running batch', () => {
    const runs = { waiting: 0, running: 0, done: 2, failed: 0, cancelled: 0 };
    expect(batchSign({ state: 'finished', runs })).toEqual({ sign: 'finished', label: 'finished' });
    const failed = { ...runs, failed: 1 };
    expect(batchSign({ state: 'finished', runs: failed })).toEqual({ sign: 'failed', label: 'finished with failures' });
    expect(batchSign({ state: 'running', runs: failed })).toEqual({ sign: 'running', label: 'running' });
  });

  it('state why a running batch makes no progress, and nothing of the kind after its end', () => {
    const runs = { waiting: 1, running: 0, done: 2, failed: 0, cancelled: 0 };
    const paused = { by: 'kc', at: '2026-01-01T12:00:00Z' };
    const since = '2026-01-01T12:00:00Z';
    const held = [{ stage: 0, by: 'breaker', reason: '20 files failed.', since, probeAt: null, probe: null }];
    const blocked = { stage: null, app: null, reason: 'It waits.', since, until: null, advice: '' };
    const labels = [{ paused, held, blocked }, { held, blocked }, { blocked }].map(
      (why) => batchSign({ state: 'running', runs, ...why }).label,
    );
    expect(labels).toEqual(['paused', 'held', 'blocked']);
    expect(batchSign({ state: 'finished', runs, held, blocked })).toEqual({ sign: 'finished', label: 'finished' });
  });

  it.each<[Outcome | null, string[], string | null]>([
    ['ok', [], null],
    ['ok-with-warnings', ['no sound'], null],
    ['empty', ['no sound'], null],
    ['empty', [], 'The sentence.'],
    ['app-error', [], 'The sentence.'],
    [null, [], 'The sentence.'],
  ])('show for a stage with outcome %s and warnings %j the sentence %j', (outcome, warnings, expected) => {
    expect(visibleSentence({ outcome, warnings, sentence: 'The sentence.' })).toBe(expected);
  });
});
