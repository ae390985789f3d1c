import { compareLineage, type StageEvent, stageEventRank, stageMark, type StageState } from '#libs/contracts';
import type { StageChange } from '#libs/database';

/** Below the rank of any event: the recorder infers that a stage is queued from the stage before. */
const QUEUED_RANK = 0;

function stateOf(event: StageEvent): StageState {
  switch (event.kind) {
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

function changeOf(event: StageEvent): StageChange {
  return {
    batch: event.batch,
    batchKey: event.batchKey,
    run: event.run,
    row: event.row,
    index: event.index,
    stages: event.stages,
    app: event.app,
    state: stateOf(event),
    outcome: event.outcome ?? null,
    sentence: event.sentence ?? null,
    fingerprint: event.fingerprint ?? null,
    trace: event.trace ?? null,
    httpStatus: event.httpStatus ?? null,
    generation: event.generation,
    root: event.root,
    delivery: event.delivery,
    rank: stageEventRank(event.kind),
    calls: event.call,
    worker: event.worker,
    queuedAt: event.times.published,
    startedAt: event.times.started,
    settledAt: event.times.settled ?? null,
    annotations: event.counts ?? {},
    warnings: event.warnings ?? [],
    notices: event.notices ?? [],
    mark: event.kind === 'done' ? stageMark(event.outcome ?? null, event.coverage?.gap ?? null) : null,
    runningSeconds: event.runningSeconds ?? null,
    coverage: event.coverage ?? null,
    document: event.document?.sha256 ?? null,
    rawReplay: event.rawReplay ?? false,
    retryAfter: event.retryAfter ?? null,
    waitsFor: null,
    retryAt: null,
  };
}

/** The stage after a done one is queued: the worker publishes its message before it acknowledges. */
function queuedAfter(event: StageEvent): StageChange | null {
  if (event.kind !== 'done' || event.index + 1 >= event.stages) return null;
  return {
    ...changeOf(event),
    index: event.index + 1,
    app: '',
    state: 'queued',
    outcome: null,
    sentence: null,
    httpStatus: null,
    delivery: 0,
    rank: QUEUED_RANK,
    calls: 0,
    worker: null,
    queuedAt: event.times.settled ?? null,
    startedAt: null,
    settledAt: null,
    annotations: {},
    warnings: [],
    notices: [],
    mark: null,
    runningSeconds: null,
    coverage: null,
    rawReplay: false,
    document: null,
  };
}

/** A settlement is final in its lineage, so its rank counts before the number of the delivery. */
const isLater = (a: StageChange, b: StageChange) =>
  (compareLineage(a, b) || a.rank - b.rank || a.delivery - b.delivery) > 0;

/**
 * What changes when these events arrive? Returns the latest change per stage run, whatever the order of the events.
 * `waitsFor`: milliseconds until the next try of a failure that does not count as an attempt; null: it counts.
 */
export function project(
  events: readonly StageEvent[],
  waitsFor: (event: StageEvent) => number | null = () => null,
): StageChange[] {
  const latest = new Map<string, StageChange>();
  for (const event of events) {
    const plain = changeOf(event);
    const own = event.kind === 'failed' ? { ...plain, waitsFor: waitsFor(event) } : plain;
    for (const change of [own, queuedAfter(event)]) {
      if (!change) continue;
      const key = `${change.run}/${change.index}`;
      const known = latest.get(key);
      if (!known || isLater(change, known)) latest.set(key, change);
    }
  }
  return [...latest.values()];
}
