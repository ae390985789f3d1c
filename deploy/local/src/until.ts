import { setTimeout as delay } from 'node:timers/promises';

const POLL_INTERVAL_MS = 25;

/**
 * Polls `condition` until it returns a value other than undefined, null or false; returns that value. An error of
 * `condition` counts as "not yet". Throws after `withinMs`, with the last error as the cause.
 */
export async function until<Value>(
  what: string,
  withinMs: number,
  condition: () => Promise<Value | undefined | null | false> | Value | undefined | null | false,
): Promise<Value> {
  const end = Date.now() + withinMs;
  let cause: unknown;
  for (;;) {
    try {
      const value = await condition();
      if (value !== undefined && value !== null && value !== false) return value;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    if (Date.now() >= end) throw new Error(`${what} did not happen within ${withinMs / 1000} s.`, { cause });
    await delay(POLL_INTERVAL_MS);
  }
}
