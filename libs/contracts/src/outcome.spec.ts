import { describe, expect, it } from '@jest/globals';
import { FAILED_OUTCOMES, isSuccess, NEXT_ACTIONS, type Outcome, OUTCOMES } from './outcome.js';

/** A user asked for these, so there is no next action. */
const REQUESTED: readonly Outcome[] = ['cancelled'];
const failures = OUTCOMES.filter((outcome) => !isSuccess(outcome) && !REQUESTED.includes(outcome));

describe('an outcome', () => {
  it('is a success when the response counts, including an empty one', () => {
    expect(OUTCOMES.filter(isSuccess)).toEqual(['ok', 'ok-with-warnings', 'empty']);
  });

  it('is a failure when it is neither a success nor requested', () => {
    expect(FAILED_OUTCOMES).toEqual(failures);
  });

  it.each(failures)('has a next action, in a sentence, when it is %s', (outcome) => {
    expect(NEXT_ACTIONS[outcome]).toMatch(/^[A-Z].+\.$/);
  });

  it('has no next action after a success or a cancellation', () => {
    expect(OUTCOMES.filter((outcome) => outcome in NEXT_ACTIONS)).toEqual(failures);
  });
});
