import type { StageEvent } from '#libs/contracts';
import { DocumentUnavailable } from '#libs/messaging';

/**
 * The failure that is recorded instead of a settlement that cannot be; otherwise its run would stay in progress for
 * ever. A lost output is `unreachable`, so that the stage is retried; an event that the database rejects ends the run.
 * Null for an event that is not a settlement.
 */
export function failureInsteadOf(event: StageEvent, error: Error): StageEvent | null {
  if (event.kind === 'started') return null;
  const {
    v,
    installation,
    batch,
    batchKey,
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
  } = event;
  const isLost = error instanceof DocumentUnavailable;
  return {
    v,
    installation,
    batch,
    batchKey,
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
    sentence: isLost
      ? `The output of ${app} was lost: ${error.message}`
      : `The response of ${app} could not be recorded.`,
    fingerprint: `${app}|${isLost ? 'unreachable|output lost' : 'invalid-output|cannot be recorded'}`,
  };
}
