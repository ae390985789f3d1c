import type { Fact } from '#libs/contracts';
import { DocumentUnavailable } from '#libs/messaging';

/**
 * What is recorded of a stage whose settlement can never be: otherwise its run would count as under way for ever. A
 * lost output passes with another try, a fact that contradicts the database does not. Null for a fact that settles
 * nothing.
 */
export function failureInstead(fact: Fact, error: Error): Fact | null {
  if (fact.kind === 'started') return null;
  const { v, installation, batch, run, row, guid, index, stages, app, generation, root, delivery, call, worker } = fact;
  const isLost = error instanceof DocumentUnavailable;
  return {
    v,
    installation,
    batch,
    run,
    row,
    guid,
    index,
    stages,
    app,
    generation,
    root,
    delivery,
    call,
    worker,
    times: fact.times,
    kind: 'failed',
    outcome: isLost ? 'unreachable' : 'invalid-output',
    sentence: isLost ? `The output of ${app} got lost: ${error.message}` : `What ${app} gave cannot be recorded.`,
    fingerprint: `${app}|${isLost ? 'unreachable|output lost' : 'invalid-output|cannot be recorded'}`,
  };
}
