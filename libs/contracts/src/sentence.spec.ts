import { describe, expect, it } from '@jest/globals';
import { summarySentence } from './sentence.js';

type Batch = Parameters<typeof summarySentence>[0];

const running = (...stages: Batch['stages']) =>
  summarySentence({ id: 123, state: 'running', runs: { running: 10 }, stages });

describe('the summary sentence of a batch', () => {
  it('states the progress of each stage that has started', () => {
    expect(
      running(
        { name: 'shots', counts: { done: 10 } },
        { name: 'text', counts: { done: 4, running: 1, waiting: 5 } },
        { name: 'entities', counts: { waiting: 10 } },
      ),
    ).toBe('Batch 123: shots done, text 40 %');
  });

  it('does not report a stage as done before its last file is done', () => {
    expect(running({ name: 'shots', counts: { done: 999, running: 1 } })).toBe('Batch 123: shots 99 %');
  });

  it('counts a skipped file as done and ignores a state without a number', () => {
    expect(running({ name: 'shots', counts: { skipped: 3, waiting: 1 } })).toBe('Batch 123: shots 75 %');
    expect(running({ name: 'shots', counts: { done: 3, failed: undefined } })).toBe('Batch 123: shots done');
  });

  it('counts failures of a running stage and of a finished one', () => {
    expect(running({ name: 'shots', counts: { done: 2, failed: 1, waiting: 1 } })).toBe(
      'Batch 123: shots 50 % (1 failed)',
    );
    expect(running({ name: 'shots', counts: { done: 8, failed: 1, cancelled: 1 } })).toBe(
      'Batch 123: shots done (1 failed)',
    );
  });

  it('reports a stage as failed when all its files failed', () => {
    expect(running({ name: 'shots', counts: { failed: 3 } })).toBe('Batch 123: shots failed');
  });

  it('reports that no stage has started', () => {
    expect(running({ name: 'shots', counts: { waiting: 10 } })).toBe('Batch 123: waiting to start');
    expect(running({ name: 'shots', counts: {} })).toBe('Batch 123: waiting to start');
  });

  it('reports a paused batch at any progress', () => {
    const paused = { by: 'kc', at: '2026-11-25T14:00:00.000Z' };
    const batch = { id: 123, state: 'running', paused, runs: { waiting: 2 } } as const;
    expect(summarySentence({ ...batch, stages: [] })).toBe('Batch 123 (paused): waiting to start');
    expect(summarySentence({ ...batch, stages: [{ name: 'shots', counts: { done: 1, waiting: 1 } }] })).toBe(
      'Batch 123 (paused): shots 50 %',
    );
  });

  it('describes the trial while the other files wait for it', () => {
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
    expect(trial({ done: 10, ended: true })).toBe(
      'Batch 123: trial of 10 finished, 10 done; start the batch again to run the rest',
    );
  });

  it.each([
    [1, '1 file'],
    [2, '2 files'],
  ])('counts the files of a draft of %p', (waiting, files) => {
    expect(summarySentence({ id: 7, state: 'draft', runs: { waiting }, stages: [] })).toBe(
      `Batch 7: not started, ${files}`,
    );
  });

  it('reports how a batch ended', () => {
    const finished = (runs: Batch['runs']) => summarySentence({ id: 7, state: 'finished', runs, stages: [] });
    expect(finished({ done: 3 })).toBe('Batch 7: finished, 3 done');
    expect(finished({ failed: 2 })).toBe('Batch 7: finished, 0 done, 2 failed');
    expect(finished({ done: 2, failed: 1 })).toBe('Batch 7: finished, 2 done, 1 failed');
  });

  it('does not count cancelled files of a finished batch as done', () => {
    const finished = (cancelled: number) =>
      summarySentence({ id: 7, state: 'finished', runs: { done: 2, cancelled }, stages: [] });
    expect(finished(3)).toBe('Batch 7: finished, 2 done, 3 cancelled');
    expect(finished(1)).toBe('Batch 7: finished, 2 done, 1 cancelled');
  });
});
