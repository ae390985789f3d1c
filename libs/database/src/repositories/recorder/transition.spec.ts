import { describe, expect, it } from '@jest/globals';
import type { StageState } from '#libs/contracts';
import { stageChange } from '#libs/testing';
import type { StageChange } from '../state/stage-change.js';
import { type RunRow, runTransition, withCancellation, withRetry } from './transition.js';

const run: RunRow = {
  id: 5,
  batch: 1,
  state: 'running',
  generation: 1,
  root: '100',
  nextIndex: 0,
  attempt: 0,
  cancelledGeneration: 0,
  ownCancelledGeneration: 0,
};

const HOUR = 3_600_000;

describe('runTransition', () => {
  const change = (index: number, state: StageState, rest: Partial<StageChange> = {}): StageChange =>
    stageChange({ index, state, ...rest });

  it('marks a run as done after its last stage only', () => {
    expect(runTransition(run, [change(1, 'done')])).toMatchObject({ to: 'done', nextIndex: 2 });
    expect(runTransition(run, [change(0, 'done')])).toMatchObject({ to: 'running', nextIndex: 1 });
  });

  it('fails a run with its stage and keeps the sentence', () => {
    expect(runTransition(run, [change(0, 'failed', { sentence: 'No such file.' })])).toMatchObject({
      to: 'failed',
      sentence: 'No such file.',
    });
  });

  it('follows the latest stage of the newest lineage', () => {
    const replayed = change(0, 'running', { root: '200' });
    expect(runTransition({ ...run, state: 'done' }, [change(1, 'done'), replayed])).toMatchObject({
      to: 'running',
      root: '200',
    });
  });

  it('ignores an older lineage', () => {
    expect(runTransition({ ...run, generation: 2, root: '0' }, [change(1, 'done')])).toBeNull();
  });

  it.each([
    ['done', { state: 'done', nextIndex: 2 }, change(0, 'done')],
    ['done', { state: 'done', nextIndex: 2 }, change(1, 'running')],
    ['failed', { state: 'failed', nextIndex: 1 }, change(0, 'done')],
    ['failed', { state: 'failed', nextIndex: 0 }, change(0, 'done')],
    ['returned to waiting', { state: 'waiting', nextIndex: 1 }, change(0, 'done')],
    ['returned to waiting', { state: 'waiting', nextIndex: 1 }, change(1, 'done')],
    ['further along', { state: 'running', nextIndex: 1 }, change(0, 'running')],
  ] satisfies [string, Partial<RunRow>, StageChange][])(
    'leaves a run that is %s unchanged after a late change of the same lineage',
    (_, known, late) => {
      expect(runTransition({ ...run, ...known }, [late])).toBeNull();
      expect(runTransition({ ...run, ...known }, [{ ...late, root: '200' }])).not.toBeNull();
    },
  );

  it('ends a run at the stage that fails or is cancelled', () => {
    expect(runTransition({ ...run, nextIndex: 1 }, [change(1, 'failed')])).toMatchObject({
      to: 'failed',
      nextIndex: 1,
    });
    expect(runTransition({ ...run, nextIndex: 1 }, [change(1, 'cancelled')])).toMatchObject({ to: 'cancelled' });
  });

  it('returns null without a change', () => {
    expect(runTransition(run, [])).toBeNull();
  });
});

describe('withRetry', () => {
  const failure = stageChange({ state: 'failed', outcome: 'unreachable', settledAt: 1_000_000 + HOUR });
  /** Without spread. */
  const NOW = { random: 0, now: 1_000_000 };

  it('delays the next attempt after a transient failure, whatever the clock of the worker shows', () => {
    expect(withRetry(failure, run, NOW)).toEqual({ ...failure, state: 'retrying', retryAt: 1_005_000 });
  });

  it('delays each attempt of a stage longer, and finally fails it', () => {
    const after = (attempt: number) => withRetry(failure, { ...run, attempt }, NOW);
    expect([1, 2].map((attempt) => after(attempt).retryAt)).toEqual([1_010_000, 1_020_000]);
    expect(after(3)).toEqual(failure);
  });

  it('does not count the attempts of another stage', () => {
    expect(withRetry({ ...failure, index: 1 }, { ...run, attempt: 3 }, NOW)).toMatchObject({ retryAt: 1_005_000 });
  });

  it('waits for the time that the app requested', () => {
    expect(withRetry({ ...failure, retryAfter: 90 }, run, NOW)).toMatchObject({ retryAt: 1_090_000 });
  });

  it('applies the policy of the app', () => {
    const policy = {
      'invalid-output': { attempts: 1, delaySeconds: 2 },
      unreachable: { attempts: 0, delaySeconds: 0 },
    };
    const permanent = { ...failure, outcome: 'invalid-output' } as const;
    expect(withRetry(permanent, run, { ...NOW, policy })).toMatchObject({ state: 'retrying', retryAt: 1_002_000 });
    expect(withRetry(failure, run, { ...NOW, policy })).toEqual(failure);
  });

  it.each([
    ['a permanent failure', { outcome: 'invalid-output' }, {}],
    ['a success', { state: 'done', outcome: 'ok' }, {}],
    ['a failure of an older attempt', { generation: 1 }, { generation: 2 }],
    ['a failure in a cancelled batch', {}, { cancelledGeneration: 1 }],
    ['a failure of a cancelled run', {}, { ownCancelledGeneration: 1 }],
  ] as const)('does not change %s', (_, change, known) => {
    expect(withRetry({ ...failure, ...change }, { ...run, ...known }, NOW)).toEqual({ ...failure, ...change });
  });
});

describe('withCancellation', () => {
  const cancelled: RunRow = { ...run, generation: 2, cancelledGeneration: 2 };
  const parked = stageChange({ state: 'waiting', generation: 2 });

  it('cancels a stage that was parked before its batch was cancelled', () => {
    expect(withCancellation(parked, cancelled)).toEqual({
      ...parked,
      state: 'cancelled',
      outcome: 'cancelled',
      sentence: 'Batch 1 was cancelled.',
    });
  });

  it('names the run when only the run was cancelled', () => {
    const alone = { ...cancelled, cancelledGeneration: 1, ownCancelledGeneration: 2 };
    expect(withCancellation(parked, alone)).toMatchObject({ state: 'cancelled', sentence: 'Run 5 was cancelled.' });
  });

  it.each([
    ['was parked in a generation that was not cancelled', { generation: 3 }],
    ['is done', { state: 'done', outcome: 'ok' }],
    ['has failed', { state: 'failed', outcome: 'timeout' }],
  ] as const)('does not change a stage that %s', (_, change) => {
    const given = { ...parked, ...change };
    expect(withCancellation(given, cancelled)).toBe(given);
  });
});
