import { describe, expect, it } from '@jest/globals';
import type { BatchState, RunTotals, Trial } from '#libs/contracts';
import { endingOf } from './ending.js';

const runs: RunTotals = { waiting: 0, running: 0, done: 0, failed: 0, cancelled: 0 };
const trial: Trial = { files: 10, done: 10, failed: 0, ended: true };

describe(endingOf, () => {
  it.each<[string, BatchState, Partial<RunTotals>, Trial | undefined, number | null]>([
    ['waits for what runs', 'running', { running: 1 }, undefined, null],
    ['waits also when something has failed already', 'running', { running: 1, failed: 3 }, undefined, null],
    ['ends well when every run is done', 'finished', { done: 3 }, undefined, 0],
    ['ends badly when one has failed', 'finished', { done: 2, failed: 1 }, undefined, 1],
    ['ends badly when one was cancelled', 'finished', { done: 2, cancelled: 1 }, undefined, 1],
    ['waits for a trial', 'running', { waiting: 90 }, { ...trial, done: 3, ended: false }, null],
    ['ends with the trial, whatever waits behind it', 'running', { waiting: 90, done: 10 }, trial, 0],
    ['ends badly with a trial that has failed', 'running', { waiting: 90 }, { ...trial, done: 9, failed: 1 }, 1],
    ['ends badly with a trial that was cancelled', 'running', { waiting: 90 }, { ...trial, done: 9 }, 1],
  ])('%s', (_, state, counts, of, ending) => {
    expect(endingOf({ state, runs: { ...runs, ...counts }, trial: of })).toBe(ending);
  });
});
