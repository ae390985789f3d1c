import type { Outcome } from './outcome.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** How often a stage is tried again by itself after an outcome, and after how long. */
export interface RetryRule {
  /** Further attempts after the first. */
  readonly attempts: number;
  /** Milliseconds before the first of them; each further one waits twice as long. */
  readonly delay: number;
}

/**
 * Retries by outcome; what is not named is not tried again. Trouble of the place (nothing answers, memory) passes;
 * an error of the app is tried once more, because the SDK answers 500 for passing and for lasting trouble alike.
 */
export const RETRY_RULES: Readonly<Partial<Record<Outcome, RetryRule>>> = {
  unreachable: { attempts: 3, delay: 5 * SECOND },
  'out-of-memory': { attempts: 3, delay: 30 * SECOND },
  timeout: { attempts: 2, delay: MINUTE },
  'app-error': { attempts: 1, delay: 5 * SECOND },
};

const LONGEST_DELAY = 15 * MINUTE;
const JITTER = 0.25;

/**
 * Milliseconds until a stage is tried again after its `attempt`-th attempt (from 1) ended so; null when it is not.
 * `retryAfter` (seconds) is what the app itself asked for; `random` in [0, 1) spreads retries by a quarter.
 */
export function retryDelay(
  outcome: Outcome,
  attempt: number,
  { retryAfter = 0, random }: { readonly retryAfter?: number | undefined; readonly random: number },
): number | null {
  const rule = RETRY_RULES[outcome];
  if (!rule || attempt > rule.attempts) return null;
  const delay = Math.min(rule.delay * 2 ** (attempt - 1), LONGEST_DELAY);
  return Math.max(Math.round(delay * (1 + JITTER * random)), retryAfter * SECOND);
}
