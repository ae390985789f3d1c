import { until } from '#deploy/local';

/** Milliseconds. */
const DEFAULT_WITHIN = 10_000;

/**
 * Waits for a condition instead of for time: asks until it answers something other than undefined, null or false, and
 * returns that. Fails after `within` milliseconds (default: 10 000) with the last error of the condition as cause.
 */
export const waitFor = <Value>(
  condition: () => Promise<Value | undefined | null | false> | Value | undefined | null | false,
  { within = DEFAULT_WITHIN, what = 'The awaited condition' }: { within?: number; what?: string } = {},
): Promise<Value> => until(what, within, condition);
