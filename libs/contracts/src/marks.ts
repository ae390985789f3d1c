import type { Outcome } from './outcome.js';

/**
 * What a person should look at although the stage is done; the position plus 1 is the mark's number on the wire, so
 * the order never changes. Of several, the one that says most about the result stands.
 */
export const STAGE_MARKS = [
  /** The app warned of something. */
  'warnings',
  /** The app found nothing. */
  'empty',
  /** Annotations end long before the media does. */
  'partial',
] as const;
export type StageMark = (typeof STAGE_MARKS)[number];

/** The mark of a stage that ended so, if any; `gap` is a sentence such as "covers 5 of 31 min". */
export function stageMark(outcome: Outcome | null, gap: string | null): StageMark | null {
  if (outcome === 'empty') return 'empty';
  if (gap !== null && (outcome === 'ok' || outcome === 'ok-with-warnings')) return 'partial';
  return outcome === 'ok-with-warnings' ? 'warnings' : null;
}
