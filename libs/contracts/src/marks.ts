import type { Outcome } from './outcome.js';

/**
 * Why a user should check a stage although it is done. The position plus 1 is the mark's number on the wire, so the
 * order never changes. When several marks apply, a stage gets the one that says most about its result.
 */
export const STAGE_MARKS = [
  /** The app reported warnings. */
  'warnings',
  /** The app found nothing. */
  'empty',
  /** Annotations end long before the media does. */
  'partial',
] as const;
export type StageMark = (typeof STAGE_MARKS)[number];

/** The mark of a stage with this outcome, if any; `gap` is a sentence such as "covers 5 of 31 min". */
export function stageMark(outcome: Outcome | null, gap: string | null): StageMark | null {
  if (outcome === 'empty') return 'empty';
  if (gap !== null && (outcome === 'ok' || outcome === 'ok-with-warnings')) return 'partial';
  return outcome === 'ok-with-warnings' ? 'warnings' : null;
}
