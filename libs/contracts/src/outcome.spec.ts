import { describe, expect, it } from '@jest/globals';
import { isSuccess, NEXT_ACTIONS, type Outcome, OUTCOMES } from './outcome.js';

/** Somebody wanted it so: nothing is left to do. */
const WANTED: readonly Outcome[] = ['cancelled'];
const failures = OUTCOMES.filter((outcome) => !isSuccess(outcome) && !WANTED.includes(outcome));

describe('outcomes', () => {
  it('are a success when the answer counts, also an empty one', () => {
    expect(OUTCOMES.filter(isSuccess)).toEqual(['ok', 'ok-with-warnings', 'empty']);
  });

  it.each(failures)('tell what to do after %s, in a sentence', (outcome) => {
    expect(NEXT_ACTIONS[outcome]).toMatch(/^[A-Z].+\.$/);
  });

  it('do not ask for anything after a success or a cancellation', () => {
    expect(OUTCOMES.filter((outcome) => outcome in NEXT_ACTIONS)).toEqual(failures);
  });
});
