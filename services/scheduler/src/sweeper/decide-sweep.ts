/** Where the message of a stage stands with the consumer of its app; `absent`: its stream does not have it. */
export type MessagePlace = 'absent' | 'waiting' | 'handed-over' | 'acknowledged';

/** What is known without asking the broker about a stage that Postgres says is under way. */
export interface StageSituation {
  /** Its app or batch is paused. */
  readonly paused: boolean;
  /** Its batch or its run was cancelled after its generation began. */
  readonly cancelled: boolean;
  /** False when its run has gone on although the stage was never recorded as settled. */
  readonly isCurrent: boolean;
  /** A live worker says that it holds a stage of this run in this generation. */
  readonly held: boolean;
  /** For how many ack waits nothing has changed, it was not paused, and nobody has held it. */
  readonly quiet: number;
  /** For how many ack waits its app has been served by live workers without a break. */
  readonly served: number;
}

/** What the broker knows of it. */
export interface StageTraces {
  readonly message: MessagePlace;
  /** The event log has a settlement of this generation or a newer one. */
  readonly settled: boolean;
  /** The message of the next stage in this generation is there: so this one is done. */
  readonly handedOn: boolean;
}

export type SweepDecision =
  | 'leave'
  /** Settle it as cancelled: nobody else will. */
  | 'cancel'
  /** Write its settlement again from the message of the next stage. */
  | 'restore'
  /** Begin it anew in a new generation. */
  | 'again';

/** A worker that commits, hands on and acknowledges leaves gaps of less than this between them, in ack waits. */
const SETTLED_DOWN = 1;
/** Handed over and held by nobody: the broker has handed it to another worker long before that, in ack waits. */
const FORGOTTEN = 3;

/** Whether the broker has to be asked at all. Most stages are held, or have just moved. */
export function isSuspect({ paused, cancelled, isCurrent, held, quiet }: StageSituation): boolean {
  if (held) return false;
  if (cancelled) return isCurrent;
  return !paused && quiet >= SETTLED_DOWN;
}

/** What becomes of a suspect. What is settled is never touched: the recorder is about to record it. */
export function decideSweep(
  { cancelled, served, quiet }: StageSituation,
  { message, settled, handedOn }: StageTraces,
): SweepDecision {
  if (settled) return 'leave';
  if (cancelled) return 'cancel';
  if (handedOn) return 'restore';
  switch (message) {
    case 'absent':
    case 'acknowledged':
      return 'again';
    case 'handed-over':
      return Math.min(quiet, served) >= FORGOTTEN ? 'again' : 'leave';
    case 'waiting':
      return 'leave';
  }
}
