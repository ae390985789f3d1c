import type { Settled } from './settled.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** Why Chowda pauses an app: it fails for many files of several batches, or it does not accept calls. */
export type PauseCause = 'failing' | 'connection' | 'busy';

/** Pause before a real call probes the app: first and longest, in milliseconds. Each pause is twice as long. */
const PAUSES: Readonly<Record<PauseCause, { readonly first: number; readonly longest: number }>> = {
  failing: { first: MINUTE, longest: 15 * MINUTE },
  // The connection itself is tested every second; the call is for a network that only workers can reach.
  connection: { first: MINUTE, longest: 15 * MINUTE },
  busy: { first: 5 * SECOND, longest: MINUTE },
};

interface Pause {
  readonly cause: PauseCause;
  /** The repeated failure. */
  readonly fingerprint: string;
  /** Sentence of the last failure. */
  readonly sentence: string;
  /** Pauses since the app was last resumed. */
  readonly trips: number;
  /** Start of the first of them. */
  readonly since: number;
}

/** State of one app. Times are milliseconds since 1970. */
export type AppPhase =
  | { readonly phase: 'closed' }
  /** Paused until `probeAt`. */
  | (Pause & { readonly phase: 'open'; readonly probeAt: number })
  /** Runs with one slot: the next settled stage that started after `probedAt` decides. */
  | (Pause & { readonly phase: 'probing'; readonly probedAt: number });

export const CLOSED: AppPhase = { phase: 'closed' };

/** What else the decision about a settled stage depends on. */
export interface AppConditions {
  /** Enough files of several batches have failed in the same way. */
  readonly isFailing: boolean;
  /** Only this file is refused as busy, while other files succeed. */
  readonly isOnlyThisFile: boolean;
}

/** The state after a settled stage. */
export function afterSettlement(state: AppPhase, settled: Settled, conditions: AppConditions, now: number): AppPhase {
  if (state.phase === 'open') return state;
  if (state.phase === 'probing' && settled.startedAt < state.probedAt) return state;
  if (settled.unreached !== null)
    return conditions.isOnlyThisFile ? state : paused(state, settled.unreached, settled, now);
  if (state.phase === 'closed') return conditions.isFailing ? paused(state, 'failing', settled, now) : state;
  if (state.cause !== 'failing') return CLOSED;
  const isSame = settled.fingerprint === state.fingerprint;
  if (settled.result === 'neutral' || (isSame && settled.isRetry)) return state;
  // A success, or a failure of another kind, is a sign of life.
  return isSame ? paused(state, 'failing', settled, now) : CLOSED;
}

/** The state after time has passed: a pause that is over becomes a probe. */
export function afterTime(state: AppPhase, now: number): AppPhase {
  if (state.phase !== 'open' || now < state.probeAt) return state;
  const { cause, fingerprint, sentence, trips, since } = state;
  return { phase: 'probing', cause, fingerprint, sentence, trips, since, probedAt: now };
}

/** The state after a connection to the app was established. */
export const afterConnection = (state: AppPhase): AppPhase =>
  state.phase === 'open' && state.cause === 'connection' ? CLOSED : state;

function paused(before: AppPhase, cause: PauseCause, settled: Settled, now: number): AppPhase {
  const previous = before.phase === 'closed' || before.cause !== cause ? null : before;
  const trips = (previous?.trips ?? 0) + 1;
  const { first, longest } = PAUSES[cause];
  const pause = Math.max(Math.min(first * 2 ** (trips - 1), longest), settled.retryAfter * SECOND);
  const { fingerprint, sentence } = settled;
  return { phase: 'open', cause, fingerprint, sentence, trips, since: previous?.since ?? now, probeAt: now + pause };
}
