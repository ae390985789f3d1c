import { compareLineage, type Lineage } from '#libs/contracts';
import type { BatchOrder } from '#libs/messaging';

/** A lineage that called its app this often without a settlement kills its worker: it is given up. */
export const MAX_CALLS = 4;

/** What the streams say about a stage before its app is called. */
export interface StageHistory {
  /** Lineage of the newest settlement. */
  readonly settled: Lineage | null;
  /** Lineage of the newest message of the next stage, which is there only after a settlement. */
  readonly handedOn: Lineage | null;
  /** Lineage and number of the newest call. */
  readonly started: { readonly lineage: Lineage; readonly call: number } | null;
  /** False when the event log was made after the stage's message: it may have been another one that held the rest. */
  readonly isWhole: boolean;
}

/** What was cancelled. */
export type Cancelled = 'batch' | 'run';

/** The history of a stage that nobody has worked on. */
export const NOTHING_KNOWN: StageHistory = { settled: null, handedOn: null, started: null, isWhole: true };

/** What to do with a delivery before calling the app. */
export type BeforeCall =
  | { readonly act: 'call'; readonly call: number }
  /** This lineage is settled: publish whatever is missing after it, and acknowledge. */
  | { readonly act: 'finish' }
  /** This lineage was handed on, and its settlement got lost with the event log: acknowledge, nothing else. */
  | { readonly act: 'handed-on' }
  /** A newer try settled this stage: acknowledge, nothing else. */
  | { readonly act: 'superseded' }
  /** The app was called too often without a settlement. */
  | { readonly act: 'crash-loop'; readonly calls: number }
  /** Its batch or its run was cancelled: settle it so. */
  | { readonly act: 'cancel'; readonly of: Cancelled }
  /** Its batch is paused, or its history is lost: put it back, as what Postgres knows of it. */
  | { readonly act: 'park' };

/**
 * Decides by the history of a stage, and by what is ordered for its batch, whether its app is called for a delivery of
 * this lineage. What is settled stays so, whatever was ordered since.
 */
export function decideBeforeCall(
  lineage: Lineage,
  { settled, handedOn, started, isWhole }: StageHistory,
  order: BatchOrder | null,
): BeforeCall {
  if (settled) {
    const order = compareLineage(settled, lineage);
    if (order === 0) return { act: 'finish' };
    if (order > 0) return { act: 'superseded' };
  }
  if (handedOn) {
    const order = compareLineage(handedOn, lineage);
    if (order === 0) return { act: 'handed-on' };
    if (order > 0) return { act: 'superseded' };
  }
  const calls = started && compareLineage(started.lineage, lineage) === 0 ? started.call : 0;
  if (!isWhole && calls === 0) return { act: 'park' };
  if (order === 'cancelled' || order === 'run-cancelled')
    return { act: 'cancel', of: order === 'cancelled' ? 'batch' : 'run' };
  if (order === 'paused') return { act: 'park' };
  return calls >= MAX_CALLS ? { act: 'crash-loop', calls } : { act: 'call', call: calls + 1 };
}
