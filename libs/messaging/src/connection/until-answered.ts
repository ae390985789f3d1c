import { setTimeout as wait } from 'node:timers/promises';

const FIRST_RETRY_MS = 50;
const LONGEST_RETRY_MS = 5000;

/** Repeats a request to the broker until it succeeds; throws errors that `isFinal` accepts, and the signal's reason. */
export async function untilAnswered<Answer>(
  ask: () => Promise<Answer>,
  signal: AbortSignal,
  isFinal: (error: unknown) => boolean = () => false,
): Promise<Answer> {
  for (let retry = FIRST_RETRY_MS; ; retry = Math.min(retry * 2, LONGEST_RETRY_MS)) {
    signal.throwIfAborted();
    try {
      return await ask();
    } catch (error) {
      if (isFinal(error)) throw error;
      await wait(retry, undefined, { signal }).catch(() => undefined);
    }
  }
}
