import { describe, expect, it } from '@jest/globals';
import { summarySentence } from './sentence.js';

type Batch = Parameters<typeof summarySentence>[0];

const running = (...stages: Batch['stages']) =>
  summarySentence({ id: 123, state: 'running', runs: { running: 10 }, stages });

describe(summarySentence, () => {
  it('says how far each stage is that has begun', () => {
    expect(
      running(
        { name: 'shots', counts: { done: 10 } },
        { name: 'text', counts: { done: 4, running: 1, waiting: 5 } },
        { name: 'entities', counts: { waiting: 10 } },
      ),
    ).toBe('Batch 123: shots done, text 40 %');
  });

  it('does not call a stage done before its last file is', () => {
    expect(running({ name: 'shots', counts: { done: 999, running: 1 } })).toBe('Batch 123: shots 99 %');
  });

  it('counts failures of a stage that goes on, and of one that has ended', () => {
    expect(running({ name: 'shots', counts: { done: 2, failed: 1, waiting: 1 } })).toBe(
      'Batch 123: shots 50 % (1 failed)',
    );
    expect(running({ name: 'shots', counts: { done: 8, failed: 1, cancelled: 1 } })).toBe(
      'Batch 123: shots done (1 failed)',
    );
  });

  it('does not call a stage done when every file of it failed', () => {
    expect(running({ name: 'shots', counts: { failed: 3 } })).toBe('Batch 123: shots failed');
  });

  it('says that nothing has begun', () => {
    expect(running({ name: 'shots', counts: { waiting: 10 } })).toBe('Batch 123: waiting to begin');
    expect(running({ name: 'shots', counts: {} })).toBe('Batch 123: waiting to begin');
  });

  it('says that a batch is paused, however far it is', () => {
    const paused = { by: 'kc', at: '2026-11-25T14:00:00.000Z' };
    const batch = { id: 123, state: 'running', paused, runs: { waiting: 2 } } as const;
    expect(summarySentence({ ...batch, stages: [] })).toBe('Batch 123 (paused): waiting to begin');
    expect(summarySentence({ ...batch, stages: [{ name: 'shots', counts: { done: 1, waiting: 1 } }] })).toBe(
      'Batch 123 (paused): shots 50 %',
    );
  });

  it('speaks of the trial as long as the others wait for it', () => {
    const trial = (change: object) =>
      summarySentence({
        id: 123,
        state: 'running',
        trial: { files: 10, done: 4, failed: 0, ended: false, ...change },
        runs: { waiting: 996, done: 4 },
        stages: [{ name: 'shots', counts: { done: 4, waiting: 996 } }],
      });
    expect(trial({})).toBe('Batch 123: trial of 10, 4 done');
    expect(trial({ failed: 1 })).toBe('Batch 123: trial of 10, 4 done (1 failed)');
    expect(trial({ done: 10, ended: true })).toBe('Batch 123: trial of 10 ended, 10 done: go on with the rest');
  });

  it.each([
    [1, '1 file'],
    [2, '2 files'],
  ])('says what a draft of %p holds', (waiting, files) => {
    expect(summarySentence({ id: 7, state: 'draft', runs: { waiting }, stages: [] })).toBe(
      `Batch 7: not started, ${files}`,
    );
  });

  it('says how a batch ended', () => {
    const finished = (runs: Batch['runs']) => summarySentence({ id: 7, state: 'finished', runs, stages: [] });
    expect(finished({ done: 3 })).toBe('Batch 7: finished, 3 done');
    expect(finished({ done: 2, failed: 1 })).toBe('Batch 7: finished, 2 done, 1 failed');
  });

  it('does not count cancelled files of a finished batch as done', () => {
    const runs = { done: 2, cancelled: 3 };
    expect(summarySentence({ id: 7, state: 'finished', runs, stages: [] })).toBe(
      'Batch 7: finished, 2 done, 3 cancelled',
    );
  });
});
