import { describe, expect, it } from '@jest/globals';
import { stageChange } from '../../../test/stage-change-builder.js';
import { retried } from './retried.js';
import type { RunRow } from './run-transition.js';

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
const failure = stageChange({ state: 'failed', outcome: 'unreachable', rank: 2, settledAt: 1_000_000 });

/** Without any spread. */
const NOW = { random: 0 };

describe('retried', () => {
  it('puts off a failure that passes by itself', () => {
    expect(retried(failure, run, NOW)).toEqual({ ...failure, state: 'retrying', retryAt: 1_005_000 });
  });

  it('waits longer after each attempt of the same stage, and gives up in the end', () => {
    const at = (attempt: number) => retried(failure, { ...run, attempt }, NOW);
    expect([1, 2].map((attempt) => at(attempt).retryAt)).toEqual([1_010_000, 1_020_000]);
    expect(at(3)).toEqual(failure);
  });

  it('does not count the attempts of another stage', () => {
    expect(retried({ ...failure, index: 1 }, { ...run, attempt: 3 }, NOW)).toMatchObject({ retryAt: 1_005_000 });
  });

  it('waits as long as the app asked for', () => {
    expect(retried({ ...failure, retryAfter: 90 }, run, NOW)).toMatchObject({ retryAt: 1_090_000 });
  });

  it("follows the app's own policy", () => {
    const policy = {
      'invalid-output': { attempts: 1, delaySeconds: 2 },
      unreachable: { attempts: 0, delaySeconds: 0 },
    };
    const lasting = { ...failure, outcome: 'invalid-output' } as const;
    expect(retried(lasting, run, { ...NOW, policy })).toMatchObject({ state: 'retrying', retryAt: 1_002_000 });
    expect(retried(failure, run, { ...NOW, policy })).toEqual(failure);
  });

  it.each([
    ['a lasting failure', { outcome: 'invalid-output' }, {}],
    ['a success', { state: 'done', outcome: 'ok' }, {}],
    ['a failure of an older try', { generation: 1 }, { generation: 2 }],
    ['a failure of a batch that was cancelled', {}, { cancelledGeneration: 1 }],
    ['a failure of a run that was cancelled by itself', {}, { ownCancelledGeneration: 1 }],
  ] as const)('leaves %s as it is', (_, change, known) => {
    expect(retried({ ...failure, ...change }, { ...run, ...known }, NOW)).toEqual({ ...failure, ...change });
  });
});
