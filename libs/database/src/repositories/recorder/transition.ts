import { canChangeRun, compareLineage, retryDelay, type RetryPolicy, type RunState } from '#libs/contracts';
import type { StageChange } from '../state/stage-change.js';

/** A run as the database holds it. */
export interface RunRow {
  readonly id: number;
  readonly batch: number;
  readonly state: RunState;
  readonly generation: number;
  /** Nanoseconds since 1970, as a decimal string. */
  readonly root: string;
  readonly nextIndex: number;
  /** Attempts of the stage at `nextIndex` that ended in a retry. */
  readonly attempt: number;
  /** Stages of this generation and of older ones were cancelled with the batch. */
  readonly cancelledGeneration: number;
  /** Stages of this generation and of older ones were cancelled with this run alone. */
  readonly ownCancelledGeneration: number;
}

/** The new values of a run. */
export interface RunUpdate {
  readonly id: number;
  readonly batch: number;
  readonly from: RunState;
  readonly to: RunState;
  readonly generation: number;
  readonly root: string;
  readonly nextIndex: number;
  readonly sentence: string | null;
  readonly attempt: number;
  /** Milliseconds since 1970 before which a waiting run is not admitted; null: it can be admitted now. */
  readonly notBefore: number | null;
}

interface RetryOptions {
  /** Policy of the app. */
  readonly policy?: RetryPolicy | undefined;
  /** In [0, 1): spreads the retries of a batch. */
  readonly random: number;
  /**
   * The delay begins here, in milliseconds since 1970 by the clock of Postgres: admission compares with the same clock,
   * and the clock of the worker may be wrong.
   */
  readonly now: number;
}

/**
 * Turns a transient failure into a retry: the run waits and is admitted again later. Meanwhile it holds no slot, and
 * users see that it waits.
 */
export function withRetry(change: StageChange, run: RunRow, { policy = {}, random, now }: RetryOptions): StageChange {
  const { state, outcome, index, generation, settledAt, retryAfter } = change;
  if (state !== 'failed' || outcome === null || settledAt === null) return change;
  const isOld = compareLineage(change, run) < 0 || isCancelled(run, generation);
  if (isOld) return change;
  if (change.waitsFor !== null) return { ...change, state: 'retrying', retryAt: settledAt + change.waitsFor };
  const attempt = (index === run.nextIndex ? run.attempt : 0) + 1;
  const delay = retryDelay(outcome, attempt, { retryAfter: retryAfter ?? undefined, policy, random });
  return delay === null ? change : { ...change, state: 'retrying', retryAt: now + delay };
}

/**
 * Cancels a parked stage whose batch or run was cancelled. Otherwise it would be published again as a new generation,
 * which the cancellation does not cover.
 */
export function withCancellation(change: StageChange, run: RunRow): StageChange {
  if (change.state !== 'waiting' || !isCancelled(run, change.generation)) return change;
  const what = change.generation <= run.cancelledGeneration ? `Batch ${run.batch}` : `Run ${run.id}`;
  return { ...change, state: 'cancelled', outcome: 'cancelled', sentence: `${what} was cancelled.` };
}

const isCancelled = ({ cancelledGeneration, ownCancelledGeneration }: RunRow, generation: number): boolean =>
  generation <= cancelledGeneration || generation <= ownCancelledGeneration;

/** Where a change leaves its run. */
type Place = Pick<RunUpdate, 'to' | 'nextIndex' | 'sentence' | 'notBefore'>;

/** How a run changes with its stages; null when the changes are not newer than what is recorded of the run. */
export function runTransition(run: RunRow, changes: readonly StageChange[]): RunUpdate | null {
  const [first, ...others] = changes;
  if (!first) return null;
  const last = others.reduce((latest, change) => (isFurther(change, latest) ? change : latest), first);
  const place = placeOf(last);
  if (!mayMove(run, place, compareLineage(last, run))) return null;
  const { id, batch, state: from } = run;
  const retries = place.nextIndex === run.nextIndex ? run.attempt : 0;
  const attempt = last.state === 'retrying' && last.waitsFor === null ? retries + 1 : retries;
  return { id, batch, from, generation: last.generation, root: last.root, attempt, ...place };
}

/** Within its lineage a run only moves forward. */
function mayMove({ state, nextIndex }: RunRow, place: Place, lineage: number): boolean {
  if (lineage < 0) return false;
  if (lineage > 0) return canChangeRun('newer-lineage', state, place.to);
  return canChangeRun('event', state, place.to) && distance(place, { to: state, nextIndex }) > 0;
}

const isFurther = (a: StageChange, b: StageChange): boolean =>
  (compareLineage(a, b) || distance(placeOf(a), placeOf(b))) > 0;

/** How much further one place is than another on the route; the end of a run is further than its last stage. */
const distance = (a: Pick<Place, 'to' | 'nextIndex'>, b: Pick<Place, 'to' | 'nextIndex'>): number =>
  a.nextIndex - b.nextIndex || Number(a.to !== 'running') - Number(b.to !== 'running');

function placeOf({ state, index, stages, sentence, retryAt }: StageChange): Place {
  const notBefore = null;
  switch (state) {
    case 'failed':
    case 'cancelled':
      return { to: state, nextIndex: index, sentence, notBefore };
    case 'done':
    case 'skipped':
      return { to: index + 1 === stages ? 'done' : 'running', nextIndex: index + 1, sentence: null, notBefore };
    case 'retrying':
      return { to: 'waiting', nextIndex: index, sentence, notBefore: retryAt };
    // Parked: the batch was paused before the app was called.
    case 'waiting':
      return { to: 'waiting', nextIndex: index, sentence: null, notBefore };
    case 'queued':
    case 'running':
      return { to: 'running', nextIndex: index, sentence: null, notBefore };
  }
}
