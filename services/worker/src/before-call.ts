import { compareLineage, type Lineage } from '#libs/contracts';
import type { BatchOrder } from '#libs/messaging';

/** After this many calls without a settlement, the stage is assumed to kill its worker, or to have no recordable result. */
export const MAX_CALLS = 4;

/**
 * From this call on, the app is called in a process of its own. The calls before it may have ended with their worker
 * because of another file: all calls in progress in a worker that dies are suspects.
 */
const ISOLATED_FROM_CALL = 3;

/** Whether a call runs in a process of its own. */
export const isIsolated = (call: number): boolean => call >= ISOLATED_FROM_CALL;

/** What the streams hold about a stage before its app is called. */
export interface StageHistory {
  /** Lineage of the newest settlement. */
  readonly settled: Lineage | null;
  /** Lineage of the newest message of the next stage; a worker publishes it only after a settlement. */
  readonly nextPublished: Lineage | null;
  /** Lineage and number of the newest call. */
  readonly started: { readonly lineage: Lineage; readonly call: number } | null;
  /** False when the event log is younger than the stage's message: a deleted log may have held a settlement. */
  readonly isComplete: boolean;
}

/** What was cancelled. */
export type Cancelled = 'batch' | 'run';

/** The history of a stage that no worker has processed yet. */
export const NO_HISTORY: StageHistory = { settled: null, nextPublished: null, started: null, isComplete: true };

/** How a worker proceeds with a delivery before it calls the app. */
export type BeforeCall =
  | { readonly action: 'call'; readonly call: number }
  /** This lineage is settled: publish the next stage if its message is missing, then acknowledge. */
  | { readonly action: 'publish-next' }
  /** This lineage published the next stage, and its settlement was lost with the event log: only acknowledge. */
  | { readonly action: 'next-published' }
  /** A newer lineage has settled this stage: only acknowledge. */
  | { readonly action: 'superseded' }
  /** The app was called too often without a settlement. */
  | { readonly action: 'crash-loop'; readonly calls: number }
  /** The batch or the run was cancelled: settle the stage as cancelled. */
  | { readonly action: 'cancel'; readonly of: Cancelled }
  /** The batch is paused, or the history is incomplete: settle the stage as parked; Postgres knows its true state. */
  | { readonly action: 'park' };

/**
 * Decides from the history of a stage, and from the order for its batch, whether its app is called for a delivery of
 * this lineage. A settlement is final, whatever was ordered after it. `earlierCalls`: in generations that the sweeper has
 * replaced by this one.
 */
export function decideBeforeCall(
  lineage: Lineage,
  { settled, nextPublished, started, isComplete }: StageHistory,
  order: BatchOrder | null,
  earlierCalls = 0,
): BeforeCall {
  const done = ofSettled(lineage, settled, 'publish-next') ?? ofSettled(lineage, nextPublished, 'next-published');
  if (done) return done;
  const known = started && compareLineage(started.lineage, lineage) === 0 ? started.call : 0;
  if (!isComplete && known === 0) return { action: 'park' };
  const calls = known === 0 ? earlierCalls : known;
  if (order === 'cancelled' || order === 'run-cancelled')
    return { action: 'cancel', of: order === 'cancelled' ? 'batch' : 'run' };
  if (order === 'paused') return { action: 'park' };
  return calls >= MAX_CALLS ? { action: 'crash-loop', calls } : { action: 'call', call: calls + 1 };
}

/** The decision when this lineage or a newer one is known to have settled the stage, else null. */
function ofSettled(lineage: Lineage, known: Lineage | null, own: 'publish-next' | 'next-published'): BeforeCall | null {
  if (known === null) return null;
  const age = compareLineage(known, lineage);
  if (age < 0) return null;
  return { action: age === 0 ? own : 'superseded' };
}
