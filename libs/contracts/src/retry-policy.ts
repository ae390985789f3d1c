import { z } from 'zod';
import { FAILED_OUTCOMES, type FailedOutcome, type Outcome } from './outcome.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** How often a stage is retried automatically after an outcome, and after how long. */
export interface RetryRule {
  /** Further attempts after the first. */
  readonly attempts: number;
  /** Milliseconds before the first retry; each later one waits twice as long. */
  readonly delay: number;
}

/**
 * Retries by outcome; null: not retried. Environment problems (no connection, no memory) usually pass. An error of the
 * app is retried once, because the CLAMS SDK responds with 500 to temporary and permanent problems alike.
 */
export const RETRY_RULES: Readonly<Record<FailedOutcome, RetryRule | null>> = {
  'app-error': { attempts: 1, delay: 5 * SECOND },
  'invalid-input': null,
  'invalid-output': null,
  timeout: { attempts: 2, delay: MINUTE },
  unreachable: { attempts: 3, delay: 5 * SECOND },
  'out-of-memory': { attempts: 3, delay: 30 * SECOND },
  'media-missing': null,
  'crash-loop': null,
};

const ruleSchema = z
  .strictObject({
    /** Further attempts after the first; 0: no retry. */
    attempts: z.int().min(0).max(20),
    /** Seconds before the first retry; each later one waits twice as long, up to 15 minutes. */
    delaySeconds: z.number().min(0).max(86_400),
  })
  .optional();

type RuleSchemas = Record<FailedOutcome, typeof ruleSchema>;

/** Retries of one app that differ from `RETRY_RULES`, by failed outcome. */
export const retryPolicySchema = z.strictObject(
  Object.fromEntries(FAILED_OUTCOMES.map((outcome) => [outcome, ruleSchema])) as RuleSchemas,
);
export type RetryPolicy = z.infer<typeof retryPolicySchema>;

/** How a stage of an app with this policy is retried after an outcome; null: not at all. */
export function retryRule(outcome: Outcome, policy: RetryPolicy): RetryRule | null {
  const custom: Readonly<Partial<Record<Outcome, RetryPolicy[FailedOutcome]>>> = policy;
  const rules: Readonly<Partial<Record<Outcome, RetryRule | null>>> = RETRY_RULES;
  const own = custom[outcome];
  return own ? { attempts: own.attempts, delay: own.delaySeconds * SECOND } : (rules[outcome] ?? null);
}

const LONGEST_DELAY = 15 * MINUTE;
/** Longest delay that an app can request. */
const LONGEST_REQUEST = 60 * MINUTE;
const JITTER = 0.25;

interface RetryConditions {
  /** Seconds that the app itself requested; at most an hour counts. */
  readonly retryAfter?: number | undefined;
  /** The app's own policy. */
  readonly policy?: RetryPolicy | undefined;
  /** In [0, 1): spreads retries over a quarter of the delay. */
  readonly random: number;
}

/** Milliseconds until a stage is retried after its `attempt`-th attempt (from 1) ended so; null: no retry. */
export function retryDelay(
  outcome: Outcome,
  attempt: number,
  { retryAfter = 0, policy = {}, random }: RetryConditions,
): number | null {
  const rule = retryRule(outcome, policy);
  if (!rule || attempt > rule.attempts) return null;
  const delay = Math.min(rule.delay * 2 ** (attempt - 1), Math.max(rule.delay, LONGEST_DELAY));
  const requested = Math.min(retryAfter * SECOND, LONGEST_REQUEST);
  return Math.max(Math.round(delay * (1 + JITTER * random)), requested);
}
