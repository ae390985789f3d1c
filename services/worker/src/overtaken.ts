import { milliseconds } from '#libs/messaging';

/** Handing on takes milliseconds; a worker that takes longer stood still, or asked a broker that was away. */
const AT_ONCE_MS = 1000;

/**
 * Whether a stage message may have been overtaken: it was stored long after its publisher knew what it goes by, and by
 * then another worker can have handed the run on, so that the stage is settled. The stream does not tell when it was
 * deleted in between. Clocks that differ by more lead to a look at the streams, too. `decided` is what the header says,
 * `timestamp` the broker's, in nanoseconds since 1970.
 */
export function mayBeOvertaken(decided: string | undefined, timestamp: string): boolean {
  if (decided === undefined) return false;
  const late = milliseconds(timestamp) - Number(decided);
  return Number.isNaN(late) || Math.abs(late) > AT_ONCE_MS;
}
