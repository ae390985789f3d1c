import type { ConsumerPosition, StreamPosition } from '#libs/messaging';

/** The event log and its recorder at one moment. */
export interface LogState {
  readonly events: StreamPosition;
  readonly recorder: ConsumerPosition;
}

/**
 * Whether everything is recorded that the event log held in the round before, so that Postgres is at most one round
 * old. False for a log that was recreated meanwhile.
 */
export function isRecorded(before: LogState | undefined, { events, recorder }: LogState): boolean {
  if (before?.events.created !== events.created) return false;
  return recorder.acknowledged >= before.events.last || recorder.pending + recorder.unacknowledged === 0;
}

/** How many events the limits of the log have removed before they were recorded. */
export const unrecordedLoss = ({ events, recorder }: LogState): number =>
  // A recorder that has acknowledged nothing may be new on a log that begins at any sequence.
  recorder.acknowledged === 0 ? 0 : Math.max(0, events.first - recorder.acknowledged - 1);

/** Remembers since which round each stage has been quiet without a break. Times are in milliseconds. */
export class QuietTimes {
  private since = new Map<string, number>();
  private next = new Map<string, number>();

  /** Adds what this round found about a stage; returns for how long it has been quiet. */
  add(stage: string, isQuiet: boolean, now: number): number {
    const since = isQuiet ? (this.since.get(stage) ?? now) : now;
    this.next.set(stage, since);
    return now - since;
  }

  /** Ends a round: stages that were not added in it are forgotten. */
  endRound(): void {
    this.since = this.next;
    this.next = new Map();
  }
}
