/** The message of a stage, from the view of its app's consumer; `absent`: the stream does not contain it. */
export type MessagePlace = 'absent' | 'waiting' | 'delivered' | 'acknowledged';

/** What is known about a stage in progress without a request to the broker. */
export interface StageSituation {
  /** Its app or batch is paused. */
  readonly paused: boolean;
  /** Its batch or its run was cancelled after its generation began. */
  readonly cancelled: boolean;
  /** False when its run has continued, although the stage was never recorded as settled. */
  readonly isCurrent: boolean;
  /** A running worker lists a stage of this run in this generation. */
  readonly held: boolean;
  /** For how many ack waits nothing has changed, it was not paused, and no worker has listed it. */
  readonly quiet: number;
  /** For how many ack waits running workers have served its app without a break. */
  readonly served: number;
}

/** What the broker holds about it. */
export interface StageTraces {
  readonly message: MessagePlace;
  /** The event log has a settlement of the recorded lineage or a newer one. */
  readonly settled: boolean;
  /** The message of the next stage exists in this generation, so this stage is done. */
  readonly nextPublished: boolean;
}

export type SweepDecision =
  | 'leave'
  /** Settle it as cancelled, because no worker will. */
  | 'cancel'
  /** Write its settlement again from the message of the next stage. */
  | 'restore'
  /** Let its run wait for admission, which publishes the stage in a new generation. */
  | 'readmit';

/** Ack waits. Between commit, next message and acknowledgement, a worker leaves much shorter gaps. */
const QUIET_FOR = 1;
/** Ack waits. The broker delivers a message again to another worker long before that. */
const ABANDONED_FOR = 3;

/**
 * Whether a stage was lost with a stream: its message is gone, or its settlement may have been in an event log that is
 * gone. Times are in milliseconds since 1970.
 */
export const isLostWithStream = (message: MessagePlace, queuedAt: number, logCreated: number): boolean =>
  message === 'absent' || queuedAt < logCreated;

/** Whether the broker has to be asked about a stage. Most stages are held, or have just changed. */
export function isSuspect({ paused, cancelled, isCurrent, held, quiet }: StageSituation): boolean {
  if (held) return false;
  if (cancelled) return isCurrent;
  return !paused && quiet >= QUIET_FOR;
}

/** What to do with a suspect. A settled stage is never touched: the recorder is about to record it. */
export function decideSweep(
  { cancelled, served, quiet }: StageSituation,
  { message, settled, nextPublished }: StageTraces,
): SweepDecision {
  if (settled) return 'leave';
  if (cancelled) return 'cancel';
  if (nextPublished) return 'restore';
  switch (message) {
    case 'absent':
    case 'acknowledged':
      return 'readmit';
    case 'delivered':
      return Math.min(quiet, served) >= ABANDONED_FOR ? 'readmit' : 'leave';
    case 'waiting':
      return 'leave';
  }
}
