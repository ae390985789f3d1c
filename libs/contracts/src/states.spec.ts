import { describe, expect, it } from '@jest/globals';
import { canRunGo, canStageGo, RUN_STATES, type RunState, STAGE_STATES, type StageState } from './states.js';

/** Where a run must not go from each state. */
const ILLEGAL_FOR_RUNS: Record<RunState, readonly RunState[]> = {
  waiting: ['waiting', 'done', 'failed'],
  running: ['running'],
  done: ['done', 'failed', 'cancelled'],
  failed: ['done', 'failed', 'cancelled'],
  cancelled: ['done', 'failed', 'cancelled'],
};

/** Where a stage run must not go from each state within one lineage. */
const ILLEGAL_FOR_STAGES: Record<StageState, readonly StageState[]> = {
  waiting: ['waiting', 'retrying'],
  queued: ['waiting', 'queued', 'skipped', 'retrying'],
  running: ['waiting', 'queued', 'running', 'skipped', 'retrying'],
  done: ['waiting', 'queued', 'running', 'done', 'failed', 'skipped', 'cancelled', 'retrying'],
  failed: ['queued', 'running', 'done', 'failed', 'skipped', 'cancelled'],
  skipped: ['queued', 'running', 'done', 'failed', 'skipped', 'cancelled', 'retrying'],
  cancelled: ['queued', 'running', 'done', 'failed', 'skipped', 'cancelled', 'retrying'],
  retrying: ['running', 'done', 'failed', 'skipped', 'retrying'],
};

describe('a run', () => {
  it.each(RUN_STATES)('does not leave %s for a state that may not follow, and does for every other', (from) => {
    expect(RUN_STATES.filter((to) => !canRunGo(from, to))).toEqual(ILLEGAL_FOR_RUNS[from]);
  });
});

describe('a stage run', () => {
  it.each(STAGE_STATES)('does not leave %s for a state that may not follow, and does for every other', (from) => {
    expect(STAGE_STATES.filter((to) => !canStageGo(from, to))).toEqual(ILLEGAL_FOR_STAGES[from]);
  });
});
