import type { ConsumerStart } from '#libs/messaging';

/** Where the recorder begins to read the event log. */
export interface RecorderStart {
  /** Events up to this sequence are recorded. */
  readonly after: number;
  /** Postgres does not contain events that the recorder has acknowledged. */
  readonly isRolledBack: boolean;
}

/**
 * Begins after what both the consumer has acknowledged and Postgres has recorded. The recorder acknowledges after its
 * commit, so a cursor behind the acknowledged events means that Postgres lost transactions: a failover to a lagging
 * replica, a snapshot, or a restored backup. `cursor` is null when Postgres has recorded nothing of this log.
 */
export function decideStart(
  { acknowledged, first }: Pick<ConsumerStart, 'acknowledged' | 'first'>,
  cursor: number | null,
): RecorderStart {
  return {
    after: Math.min(acknowledged, cursor ?? 0),
    // Without a cursor, the floor of a new consumer may be just below the first event, although it acknowledged none.
    isRolledBack: cursor === null ? acknowledged >= first : cursor < acknowledged,
  };
}
