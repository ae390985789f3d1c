import { describe, expect, it } from '@jest/globals';
import type { ExportRun } from '#libs/database';
import { missingReason, REMOVED } from './missing-reason.js';

const batch = { apps: ['shots', 'text'] };
const run = (change: Partial<ExportRun>): ExportRun => ({
  run: 1,
  row: 0,
  guid: 'cpb-a',
  state: 'done',
  nextIndex: 2,
  sentence: null,
  stages: [],
  ...change,
});
const done = (index: number, document: string | null) => ({ index, state: 'done', document }) as const;

describe('missingReason', () => {
  it('returns null for a stored document in every state of the run', () => {
    for (const state of ['done', 'failed', 'cancelled', 'running', 'waiting'] as const) {
      expect(missingReason(run({ state, stages: [done(0, 'f'.repeat(64))] }), 0, batch)).toBeNull();
    }
  });

  it.each<[string, Partial<ExportRun>]>([
    [
      'failed at stage 1 text: The app ran out of memory.',
      { state: 'failed', nextIndex: 1, sentence: 'The app ran out of memory.' },
    ],
    ['failed at stage 0 shots', { state: 'failed', nextIndex: 0 }],
    ['cancelled at stage 1 text', { state: 'cancelled', nextIndex: 1 }],
    ['in progress: stage 0 shots has not finished', { state: 'running', nextIndex: 0 }],
    ['cancelled at stage 2', { state: 'cancelled', nextIndex: 2 }],
    ['waiting to start', { state: 'waiting', nextIndex: 0 }],
    ['waiting for stage 1 text', { state: 'waiting', nextIndex: 1 }],
    [REMOVED, { stages: [done(1, null)] }],
    [REMOVED, { stages: [{ index: 1, state: 'skipped', document: null }] }],
  ])('returns the reason: %s', (sentence, change) => {
    expect(missingReason(run(change), 1, batch)).toBe(sentence);
  });
});
