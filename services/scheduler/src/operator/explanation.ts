import type { Explanation } from '#libs/contracts';

export const explanation = (state: string, reason: string, nextAction: string): Explanation => ({
  ok: true,
  state,
  reason,
  nextAction,
});

/** The next action when no user action is needed. */
export const CONTINUES = 'No action needed: it continues automatically.';
/** The next action when a step of Chowda is due that no worker has confirmed yet. */
export const WITHIN_SECONDS =
  'Wait a few seconds. If nothing changes, check the logs of the scheduler and the workers.';
/** The next action for something that has ended with documents. */
export const DOCUMENTS_AVAILABLE = 'No action needed. Its documents are available.';
/** The next action when the scheduler cannot keep up. */
export const CHECK_LOAD = 'Check the load of the scheduler and of Postgres.';
