import { describe, expect, it } from '@jest/globals';
import { stageChange } from '../../test/stage-change-builder.js';
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

  it.each([
    ['was parked in a generation that was not cancelled', { generation: 3 }],
    ['is done all the same', { state: 'done', outcome: 'ok' }],
    ['has failed', { state: 'failed', outcome: 'timeout' }],
  ] as const)('leaves a stage that %s', (_, change) => {
    const given = { ...parked, ...change };
    expect(unlessCancelled(given, run)).toBe(given);
  });
});
