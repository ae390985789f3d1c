import type { Explanation } from '#libs/contracts';

export const explanation = (state: string, reason: string, nextAction: string): Explanation => ({
  ok: true,
  state,
  reason,
  nextAction,
});

/** What to do when there is nothing to do. */
export const NOTHING = 'Nothing: it goes on by itself.';
