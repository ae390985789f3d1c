import { compareLineage, type Fact, factRank, stageMark, type StageState } from '#libs/contracts';
import type { StageChange } from '#libs/database';

/** Ranks below any fact: the recorder's own knowledge that a stage was handed on. */
const QUEUED_RANK = 0;

function stateOf(fact: Fact): StageState {
  switch (fact.kind) {
    case 'started':
      return 'running';
    case 'done':
      return 'done';
    case 'failed':
      return 'failed';
    case 'cancelled':
      return 'cancelled';
    case 'parked':
      return 'waiting';
  }
}

function changeOf(fact: Fact): StageChange {
  return {
    batch: fact.batch,
    run: fact.run,
    row: fact.row,
    index: fact.index,
    stages: fact.stages,
    app: fact.app,
    state: stateOf(fact),
    outcome: fact.outcome ?? null,
    sentence: fact.sentence ?? null,
    fingerprint: fact.fingerprint ?? null,
    trace: fact.trace ?? null,
    httpStatus: fact.httpStatus ?? null,
    generation: fact.generation,
    root: fact.root,
    delivery: fact.delivery,
    rank: factRank(fact.kind),
    calls: fact.call,
    worker: fact.worker,
    queuedAt: fact.times.published,
    startedAt: fact.times.started,
    settledAt: fact.times.settled ?? null,
    annotations: fact.counts ?? {},
    warnings: fact.warnings ?? [],
    notices: fact.notices ?? [],
    mark: fact.kind === 'done' ? stageMark(fact.outcome ?? null, fact.coverage?.gap ?? null) : null,
    runningSeconds: fact.runningSeconds ?? null,
    coverage: fact.coverage ?? null,
    document: fact.document?.sha256 ?? null,
    retryAfter: fact.retryAfter ?? null,
    retryAt: null,
  };
}

/** The stage after a done one: its worker publishes the next stage's message itself, so it is queued. */
function queuedAfter(fact: Fact): StageChange | null {
  if (fact.kind !== 'done' || fact.index + 1 >= fact.stages) return null;
  return {
    ...changeOf(fact),
    index: fact.index + 1,
    app: '',
    state: 'queued',
    outcome: null,
    sentence: null,
    httpStatus: null,
    delivery: 0,
    rank: QUEUED_RANK,
    calls: 0,
    worker: null,
    queuedAt: fact.times.settled ?? null,
    startedAt: null,
    settledAt: null,
    annotations: {},
    warnings: [],
    notices: [],
    mark: null,
    runningSeconds: null,
    coverage: null,
    document: null,
  };
}

/** A settlement is final in its lineage, so it is later than a start that another delivery has reported. */
const isLater = (a: StageChange, b: StageChange) =>
  (compareLineage(a, b) || a.rank - b.rank || a.delivery - b.delivery) > 0;

/** What changes when these facts arrive? One change per stage run: the latest, in whatever order the facts came. */
export function project(facts: readonly Fact[]): StageChange[] {
  const latest = new Map<string, StageChange>();
  for (const fact of facts) {
    for (const change of [changeOf(fact), queuedAfter(fact)]) {
      if (!change) continue;
      const key = `${change.run}/${change.index}`;
      const known = latest.get(key);
      if (!known || isLater(change, known)) latest.set(key, change);
    }
  }
  return [...latest.values()];
}
