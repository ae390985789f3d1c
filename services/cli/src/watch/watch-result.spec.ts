import { describe, expect, it } from '@jest/globals';
import type { BatchState, RunTotals, Trial } from '#libs/contracts';
import { watchResult } from './watch-result.js';

const runs: RunTotals = { waiting: 0, running: 0, done: 0, failed: 0, cancelled: 0 };
const trial: Trial = { files: 10, done: 10, failed: 0, ended: true };

describe(watchResult, () => {
  it.each<[string, BatchState, Partial<RunTotals>, Trial | undefined, number | null]>([
    ['is null while runs are in progress', 'running', { running: 1 }, undefined, null],
    [
      'is null while runs are in progress, even if others failed',
      'running',
      { running: 1, failed: 3 },
      undefined,
      null,
    ],
    ['is 0 if every run is done', 'finished', { done: 3 }, undefined, 0],
    ['is 1 if a run failed', 'finished', { done: 2, failed: 1 }, undefined, 1],
    ['is 1 if a run was cancelled', 'finished', { done: 2, cancelled: 1 }, undefined, 1],
    ['is null while a trial is in progress', 'running', { waiting: 90 }, { ...trial, done: 3, ended: false }, null],
    ['is 0 after a successful trial, even if runs are waiting', 'running', { waiting: 90, done: 10 }, trial, 0],
    ['is 1 after a trial with a failure', 'running', { waiting: 90 }, { ...trial, done: 9, failed: 1 }, 1],
    ['is 1 after a cancelled trial', 'running', { waiting: 90 }, { ...trial, done: 9 }, 1],
  ])('%s', (_, state, counts, of, expected) => {
    expect(watchResult({ state, runs: { ...runs, ...counts }, trial: of })).toBe(expected);
  });
});
