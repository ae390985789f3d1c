import { type LogState, unrecordedEvents } from '../recorder/recorder-progress.js';

/**
 * Whether everything is recorded that the event log held in the round before, so that Postgres is at most one round
 * old. False for a log that was recreated meanwhile.
 */
export function isRecorded(before: LogState | undefined, state: LogState): boolean {
  if (before?.events.created !== state.events.created) return false;
  return state.recorded >= before.events.last || unrecordedEvents(state) === 0;
}

/** How many events the limits of the log have removed before they were recorded. */
export const unrecordedLoss = ({ events, recorded }: LogState): number =>
  // A recorder that has recorded nothing may be new on a log that begins at any sequence.
  recorded === 0 ? 0 : Math.max(0, events.first - recorded - 1);

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
