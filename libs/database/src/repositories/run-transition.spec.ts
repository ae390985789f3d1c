import { describe, expect, it } from '@jest/globals';
import type { StageState } from '#libs/contracts';
import { type RunRow, runTransition } from './run-transition.js';
import type { StageChange } from './stage-change.js';

const run: RunRow = { id: 5, batch: 1, state: 'running', generation: 1, root: '100', nextIndex: 0 };
const change = (index: number, state: StageState, rest: Partial<StageChange> = {}): StageChange => ({
  batch: 1,
  run: 5,
  row: 0,
  index,
  stages: 2,
  app: 'a',
  state,
  outcome: null,
  sentence: null,
  fingerprint: null,
  trace: null,
  httpStatus: null,
  generation: 1,
  root: '100',
  delivery: 1,
  rank: 2,
  calls: 1,
  worker: null,
  queuedAt: null,
  startedAt: null,
  settledAt: null,
  annotations: {},
  warnings: [],
  document: null,
  ...rest,
});

describe('runTransition', () => {
  it('is done with its last stage, and not before', () => {
    expect(runTransition(run, [change(1, 'done')])).toMatchObject({ to: 'done', nextIndex: 2 });
    expect(runTransition(run, [change(0, 'done')])).toMatchObject({ to: 'running', nextIndex: 1 });
  });

  it('fails with a failed stage and keeps its sentence', () => {
    expect(runTransition(run, [change(0, 'failed', { sentence: 'No such file.' })])).toMatchObject({
      to: 'failed',
      sentence: 'No such file.',
    });
  });

  it('goes by the latest stage of the newest lineage', () => {
    const replayed = change(0, 'running', { root: '200', rank: 1 });
    expect(runTransition({ ...run, state: 'done' }, [change(1, 'done'), replayed])).toMatchObject({
      to: 'running',
      root: '200',
    });
  });

  it('does not move for an older lineage', () => {
    expect(runTransition({ ...run, generation: 2, root: '0' }, [change(1, 'done')])).toBeNull();
  });

  it('does not move without a change', () => {
    expect(runTransition(run, [])).toBeNull();
  });
});
