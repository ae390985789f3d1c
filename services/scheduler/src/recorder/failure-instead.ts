import type { StageEvent } from '#libs/contracts';
import { DocumentUnavailable } from '#libs/messaging';

/**
 * What is recorded of a stage whose settlement can never be: otherwise its run would count as under way for ever. A
 * lost output passes with another try, an event that contradicts the database does not. Null for an event that settles
 * nothing.
 */
export function failureInstead(event: StageEvent, error: Error): StageEvent | null {
  if (event.kind === 'started') return null;
  const { v, installation, batch, run, row, guid, index, stages, app, generation, root, delivery, call, worker } =
    event;
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
    times: event.times,
    kind: 'failed',
    outcome: isLost ? 'unreachable' : 'invalid-output',
    sentence: isLost ? `The output of ${app} got lost: ${error.message}` : `What ${app} gave cannot be recorded.`,
    fingerprint: `${app}|${isLost ? 'unreachable|output lost' : 'invalid-output|cannot be recorded'}`,
  };
}
