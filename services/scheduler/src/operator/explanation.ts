import type { Explanation } from '#libs/contracts';

export const explanation = (state: string, reason: string, nextAction: string): Explanation => ({
  ok: true,
  state,
  reason,
  nextAction,
});

/** The next action when no user action is needed. */
export const CONTINUES = 'No action needed: it continues automatically.';
/** The next action for something that has ended with documents. */
export const DOCUMENTS_AVAILABLE = 'No action needed. Its documents are available.';
/** The next action when the scheduler cannot keep up. */
export const CHECK_LOAD = 'Check the load of the scheduler and of Postgres.';
