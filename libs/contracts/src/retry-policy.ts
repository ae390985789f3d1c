import { z } from 'zod';
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

const ruleSchema = z
  .strictObject({
    /** Further attempts after the first; 0: it is not tried again. */
    attempts: z.int().min(0).max(20),
    /** Seconds before the first of them; each further one waits twice as long, up to a quarter of an hour. */
    delaySeconds: z.number().min(0).max(86_400),
  })
  .optional();

/** Retries of one app that differ from `RETRY_RULES`, by how a stage has failed. */
export const retryPolicySchema = z.strictObject({
  'app-error': ruleSchema,
  'invalid-input': ruleSchema,
  'invalid-output': ruleSchema,
  timeout: ruleSchema,
  unreachable: ruleSchema,
  'out-of-memory': ruleSchema,
  'media-missing': ruleSchema,
  'crash-loop': ruleSchema,
});
export type RetryPolicy = z.infer<typeof retryPolicySchema>;

/** How a stage of an app with this policy is tried again after an outcome; null: not at all. */
export function retryRule(outcome: Outcome, policy: RetryPolicy): RetryRule | null {
  const rules: Readonly<Partial<Record<Outcome, RetryPolicy[keyof RetryPolicy]>>> = policy;
  const own = rules[outcome];
  return own ? { attempts: own.attempts, delay: own.delaySeconds * SECOND } : (RETRY_RULES[outcome] ?? null);
}

const LONGEST_DELAY = 15 * MINUTE;
const JITTER = 0.25;

interface Retrying {
  /** What the app itself asked for, in seconds. */
  readonly retryAfter?: number | undefined;
  /** What the app's own policy is. */
  readonly policy?: RetryPolicy | undefined;
  /** In [0, 1): spreads retries by a quarter. */
  readonly random: number;
}

/** Milliseconds until a stage is tried again after its `attempt`-th attempt (from 1) ended so; null when it is not. */
export function retryDelay(
  outcome: Outcome,
  attempt: number,
  { retryAfter = 0, policy = {}, random }: Retrying,
): number | null {
  const rule = retryRule(outcome, policy);
  if (!rule || attempt > rule.attempts) return null;
  const delay = Math.min(rule.delay * 2 ** (attempt - 1), Math.max(rule.delay, LONGEST_DELAY));
  return Math.max(Math.round(delay * (1 + JITTER * random)), retryAfter * SECOND);
}
