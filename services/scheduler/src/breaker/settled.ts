import type { Outcome, StageEvent, Unreached } from '#libs/contracts';
import { storableText } from '#libs/database';

/** Outcomes that say something about the file or its input, and nothing about the app. */
const ABOUT_THE_FILE: readonly Outcome[] = ['media-missing', 'invalid-input', 'cancelled'];

/** How a stage was settled, as evidence about its app. Times are milliseconds since 1970. */
export interface Settled {
  readonly batch: number;
  readonly run: number;
  readonly index: number;
  readonly app: string;
  readonly startedAt: number;
  /** `neutral`: says nothing about the app. */
  readonly result: 'success' | 'failure' | 'neutral';
  /** Equal for similar failures; empty for a success. As Postgres stores it. */
  readonly fingerprint: string;
  readonly sentence: string;
  /** The app did not accept the call. */
  readonly unreached: Unreached | null;
  /** Seconds after which the app asks to be called again; 0: it does not ask. */
  readonly retryAfter: number;
  /** The file has already failed at this stage. */
  readonly isRetry: boolean;
}

/** A stage run as a key. */
export const fileKey = ({ run, index }: Pick<Settled, 'run' | 'index'>): string => `${run}/${index}`;

/** A settlement as evidence; null for an event that settles nothing. */
export function settledOf(event: StageEvent, hasFailed: (file: string) => boolean): Settled | null {
  const { batch, run, index, app, kind, outcome, fingerprint, sentence, times, unreached, retryAfter } = event;
  if (kind === 'started' || kind === 'parked') return null;
  const isNeutral = kind === 'cancelled' || (outcome !== undefined && ABOUT_THE_FILE.includes(outcome));
  return {
    batch,
    run,
    index,
    app,
    startedAt: times.started,
    result: isNeutral ? 'neutral' : kind === 'done' ? 'success' : 'failure',
    fingerprint: kind === 'done' ? '' : storableText(fingerprint ?? `${app}|${outcome}`),
    sentence: storableText(sentence ?? ''),
    unreached: unreached ?? null,
    retryAfter: retryAfter ?? 0,
    isRetry: hasFailed(fileKey(event)),
  };
}
