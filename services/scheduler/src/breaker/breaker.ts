const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** Stages of an app that fail in the same way before it is paused. */
export const FAILURES_IN_A_ROW = 20;
const FIRST_PAUSE = MINUTE;
const LONGEST_PAUSE = 15 * MINUTE;

/**
 * How an app stands with the breaker. `trips` counts pauses since it went on last; `probeAt` is in milliseconds since
 * 1970.
 */
export type BreakerState =
  /** Stages pass, and failures of the same kind are counted. */
  | { readonly phase: 'closed'; readonly fingerprint: string | null; readonly inARow: number }
  /** Paused until `probeAt`. */
  | { readonly phase: 'open'; readonly fingerprint: string; readonly trips: number; readonly probeAt: number }
  /** One slot is open: the next stage that is settled decides, of those begun `since` then (milliseconds since 1970). */
  | { readonly phase: 'probing'; readonly fingerprint: string; readonly trips: number; readonly since: number };

/** An app that nothing is held against. */
export const CLOSED: BreakerState = { phase: 'closed', fingerprint: null, inARow: 0 };

/** A settled stage: the fingerprint of its failure, null for a success, and when it began. */
export interface Settled {
  readonly fingerprint: string | null;
  readonly startedAt: number;
}

/** What a settled stage changes. */
export function afterSettlement(state: BreakerState, { fingerprint, startedAt }: Settled, now: number): BreakerState {
  switch (state.phase) {
    case 'closed': {
      if (fingerprint === null) return CLOSED;
      const inARow = fingerprint === state.fingerprint ? state.inARow + 1 : 1;
      return inARow < FAILURES_IN_A_ROW ? { phase: 'closed', fingerprint, inARow } : opened(fingerprint, 1, now);
    }
    // It was under way when the app was paused, and says nothing about now.
    case 'open':
      return state;
    case 'probing':
      // Begun before the pause and recorded late.
      if (startedAt < state.since) return state;
      if (fingerprint === state.fingerprint) return opened(fingerprint, state.trips + 1, now);
      return fingerprint === null ? CLOSED : { phase: 'closed', fingerprint, inARow: 1 };
  }
}

/** What time changes: a pause that has lasted long enough becomes a probe. */
export const afterTime = (state: BreakerState, now: number): BreakerState =>
  state.phase === 'open' && now >= state.probeAt
    ? { phase: 'probing', fingerprint: state.fingerprint, trips: state.trips, since: now }
    : state;

const opened = (fingerprint: string, trips: number, now: number): BreakerState => ({
  phase: 'open',
  fingerprint,
  trips,
  probeAt: now + Math.min(FIRST_PAUSE * 2 ** (trips - 1), LONGEST_PAUSE),
});
