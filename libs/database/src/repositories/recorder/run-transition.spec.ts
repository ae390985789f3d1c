import { describe, expect, it } from '@jest/globals';
import type { StageState } from '#libs/contracts';
import { stageChange } from '../../../test/stage-change-builder.js';
import { type RunRow, runTransition } from './run-transition.js';
import type { StageChange } from './stage-change.js';

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
const change = (index: number, state: StageState, rest: Partial<StageChange> = {}): StageChange =>
  stageChange({ index, state, rank: 2, ...rest });

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

  it.each([
    ['done', { state: 'done', nextIndex: 2 }, change(0, 'done')],
    ['done', { state: 'done', nextIndex: 2 }, change(1, 'running', { rank: 1 })],
    ['failed', { state: 'failed', nextIndex: 1 }, change(0, 'done')],
    ['put back to wait', { state: 'waiting', nextIndex: 1 }, change(0, 'done')],
    ['further on', { state: 'running', nextIndex: 1 }, change(0, 'running', { rank: 1 })],
  ] satisfies [string, Partial<RunRow>, StageChange][])(
    'does not move a run that is %s back for a late change of the same lineage',
    (_, known, late) => {
      expect(runTransition({ ...run, ...known }, [late])).toBeNull();
      expect(runTransition({ ...run, ...known }, [{ ...late, root: '200' }])).not.toBeNull();
    },
  );

  it('ends where it stands when its stage fails', () => {
    expect(runTransition({ ...run, nextIndex: 1 }, [change(1, 'failed')])).toMatchObject({
      to: 'failed',
      nextIndex: 1,
    });
    expect(runTransition({ ...run, nextIndex: 1 }, [change(1, 'cancelled')])).toMatchObject({ to: 'cancelled' });
  });

  it('does not move without a change', () => {
    expect(runTransition(run, [])).toBeNull();
  });
});
