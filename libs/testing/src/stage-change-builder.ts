import type { StageState } from '#libs/contracts';
import type { StageChange } from '#libs/database';

/** Order of the states within one lineage. */
const RANKS: Partial<Record<StageState, number>> = { queued: 0, running: 1, waiting: 2 };
const SETTLED_RANK = 3;

/** A change of the first of two stages, by default to `running`; `change` holds what matters to the test. */
export function stageChange(change: Partial<StageChange> = {}): StageChange {
  const state = change.state ?? 'running';
  return {
    batch: 1,
    run: 5,
    row: 0,
    index: 0,
    stages: 2,
    app: 'shots_v1',
    state,
    outcome: null,
    sentence: null,
    fingerprint: null,
    trace: null,
    httpStatus: null,
    generation: 1,
    root: '100',
    delivery: 1,
    rank: RANKS[state] ?? SETTLED_RANK,
    calls: 1,
    worker: null,
    queuedAt: null,
    startedAt: null,
    settledAt: null,
    annotations: {},
    warnings: [],
    notices: [],
    mark: null,
    runningSeconds: null,
    coverage: null,
    document: null,
    rawReplay: false,
    retryAfter: null,
    waitsFor: null,
    retryAt: null,
    ...change,
  };
}
