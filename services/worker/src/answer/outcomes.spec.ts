import { describe, expect, it } from '@jest/globals';
import { ANSWER_OUTCOMES, type AnswerOutcome } from '#libs/clams';
import { type Outcome, OUTCOMES } from '#libs/contracts';

/** Outcomes that do not follow from an app's answer. A new outcome does not compile until it is in one of both lists. */
const WITHOUT_ANSWER: Readonly<Record<Exclude<Outcome, AnswerOutcome>, true>> = { 'crash-loop': true, cancelled: true };

describe('the outcomes of an answer', () => {
  it('are, with those that need no answer, exactly the outcomes of a stage', () => {
    // libs/clams may not import libs/contracts and therefore has its own list.
    const answers: readonly Outcome[] = ANSWER_OUTCOMES;
    expect([...answers, ...Object.keys(WITHOUT_ANSWER)].toSorted()).toEqual([...OUTCOMES].toSorted());
  });
});
