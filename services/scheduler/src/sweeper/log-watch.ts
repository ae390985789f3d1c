import type { ConsumerPosition, StreamPosition } from '#libs/messaging';

/** How the event log and its recorder stand at one moment. */
export interface LogState {
  readonly events: StreamPosition;
  readonly recorder: ConsumerPosition;
}

/**
 * Whether everything is recorded that stood in the event log a moment before: what Postgres says is at most that old
 * then. A log that was made again meanwhile tells nothing yet.
 */
export function isRecorded(before: LogState | undefined, { events, recorder }: LogState): boolean {
  if (before?.events.created !== events.created) return false;
  return recorder.acknowledged >= before.events.last || recorder.pending + recorder.unacknowledged === 0;
}

/** How many events the limits of the log have removed before they were recorded; 0: none. */
export const unrecordedLoss = ({ events, recorder }: LogState): number =>
  // A recorder that has acknowledged nothing yet may face a log that begins anywhere.
  recorder.acknowledged === 0 ? 0 : Math.max(0, events.first - recorder.acknowledged - 1);
