const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** An app is paused after this many failures in a row with the same fingerprint. */
export const FAILURES_IN_A_ROW = 20;
const FIRST_PAUSE = MINUTE;
const LONGEST_PAUSE = 15 * MINUTE;

/**
 * State of one app's circuit breaker. `trips` counts the pauses since it was last closed; `probeAt` and `since` are in
 * milliseconds since 1970.
 */
export type BreakerState =
  /** The app runs; failures in a row with the same fingerprint are counted. */
  | { readonly phase: 'closed'; readonly fingerprint: string | null; readonly inARow: number }
  /** The app is paused until `probeAt`. */
  | { readonly phase: 'open'; readonly fingerprint: string; readonly trips: number; readonly probeAt: number }
  /** The app runs with one slot: the next settled stage that started after `since` decides. */
  | { readonly phase: 'probing'; readonly fingerprint: string; readonly trips: number; readonly since: number };

/** An app without counted failures. */
export const CLOSED: BreakerState = { phase: 'closed', fingerprint: null, inARow: 0 };

/** A settled stage: the fingerprint of its failure (null for a success), and when it started. */
export interface Settled {
  readonly fingerprint: string | null;
  readonly startedAt: number;
}

/** The state after a settled stage. */
export function afterSettlement(state: BreakerState, { fingerprint, startedAt }: Settled, now: number): BreakerState {
  switch (state.phase) {
    case 'closed': {
      if (fingerprint === null) return CLOSED;
      const inARow = fingerprint === state.fingerprint ? state.inARow + 1 : 1;
      return inARow < FAILURES_IN_A_ROW ? { phase: 'closed', fingerprint, inARow } : opened(fingerprint, 1, now);
    }
    // It started before the pause, so it is no evidence about the app now.
    case 'open':
      return state;
    case 'probing':
      // Started before the probe, and recorded late.
      if (startedAt < state.since) return state;
      if (fingerprint === state.fingerprint) return opened(fingerprint, state.trips + 1, now);
      return fingerprint === null ? CLOSED : { phase: 'closed', fingerprint, inARow: 1 };
  }
}

/** The state after time has passed: a pause that is over becomes a probe. */
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
