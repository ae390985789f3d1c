import { compareLineage, retryDelay, type RetryPolicy } from '#libs/contracts';
import type { RunRow } from './run-transition.js';
import type { StageChange } from './stage-change.js';
import { isCancelled } from './unless-cancelled.js';

interface Retrying {
  readonly policy?: RetryPolicy | undefined;
  readonly random: number;
}

/**
 * Turns a failure that passes by itself into a retry: its run waits and is admitted again later, so that no slot is
 * held and the wait can be seen. `policy` is the one of its app; `random` in [0, 1) spreads the retries of a batch.
 */
export function retried(change: StageChange, run: RunRow, { policy = {}, random }: Retrying): StageChange {
  const { state, outcome, index, generation, settledAt, retryAfter } = change;
  if (state !== 'failed' || outcome === null || settledAt === null) return change;
  const isOld = compareLineage(change, run) < 0 || isCancelled(run, generation);
  if (isOld) return change;
  const attempt = (index === run.nextIndex ? run.attempt : 0) + 1;
  const delay = retryDelay(outcome, attempt, { retryAfter: retryAfter ?? undefined, policy, random });
  return delay === null ? change : { ...change, state: 'retrying', retryAt: settledAt + delay };
}
