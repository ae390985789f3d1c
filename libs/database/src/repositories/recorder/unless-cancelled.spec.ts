import { describe, expect, it } from '@jest/globals';
import { stageChange } from '../../../test/stage-change-builder.js';
import type { RunRow } from './run-transition.js';
import { unlessCancelled } from './unless-cancelled.js';

const run: RunRow = {
  id: 5,
  batch: 1,
  state: 'running',
  generation: 2,
  root: '100',
  nextIndex: 0,
  attempt: 0,
  cancelledGeneration: 2,
  ownCancelledGeneration: 0,
};
const parked = stageChange({ state: 'waiting', generation: 2, rank: 2 });

describe('unlessCancelled', () => {
  it('cancels a stage that was parked before its batch was cancelled', () => {
    expect(unlessCancelled(parked, run)).toEqual({
      ...parked,
      state: 'cancelled',
      outcome: 'cancelled',
      sentence: 'Batch 1 was cancelled.',
    });
  });

  it('tells a run that was cancelled by itself from its batch', () => {
    const alone = { ...run, cancelledGeneration: 1, ownCancelledGeneration: 2 };
    expect(unlessCancelled(parked, alone)).toMatchObject({ state: 'cancelled', sentence: 'Run 5 was cancelled.' });
  });

  it.each([
    ['was parked in a generation that was not cancelled', { generation: 3 }],
    ['is done all the same', { state: 'done', outcome: 'ok' }],
    ['has failed', { state: 'failed', outcome: 'timeout' }],
  ] as const)('leaves a stage that %s', (_, change) => {
    const given = { ...parked, ...change };
    expect(unlessCancelled(given, run)).toBe(given);
  });
});
