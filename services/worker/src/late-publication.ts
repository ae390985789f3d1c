import { milliseconds } from '#libs/messaging';

/** A worker publishes the next stage within milliseconds. If it takes longer, it was suspended or had no broker. */
const PROMPT_MS = 1000;

/**
 * Whether a stage message was stored so long after the decision to publish it that another worker may have processed
 * the stage in between; a STAGES stream that was recreated meanwhile does not show that. Clocks that differ by more
 * than a second lead to the same, harmless check. `decided` is the header's value (milliseconds since 1970),
 * `timestamp` the broker's (nanoseconds since 1970).
 */
export function isPublishedLate(decided: string | undefined, timestamp: string): boolean {
  if (decided === undefined) return false;
  const delay = milliseconds(timestamp) - Number(decided);
  return Number.isNaN(delay) || Math.abs(delay) > PROMPT_MS;
}
