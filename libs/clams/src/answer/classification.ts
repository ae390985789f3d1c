import type { Coverage, TypeCounts } from '#libs/mmif';

/** How a call ended: the outcomes of a stage run that follow from the answer alone. */
export const ANSWER_OUTCOMES = [
  'ok',
  'ok-with-warnings',
  'empty',
  'app-error',
  'invalid-input',
  'invalid-output',
  'timeout',
  'unreachable',
  'out-of-memory',
  'media-missing',
] as const;
export type AnswerOutcome = (typeof ANSWER_OUTCOMES)[number];

/** Why an app did not accept a call. */
export type Unreached = 'connection' | 'busy';

/** The meaning of an app's answer. */
export interface Classification {
  readonly outcome: AnswerOutcome;
  /** True when the body of the answer is the output of the stage. */
  readonly success: boolean;
  /** What happened, for a person. */
  readonly sentence: string;
  /** Equal for similar failures; null for a success. */
  readonly fingerprint: string | null;
  /** The app's stack trace. */
  readonly trace: string | null;
  readonly httpStatus: number | null;
  /** Seconds after which the app asks to be called again. */
  readonly retryAfter: number | null;
  /**
   * The app did not accept the call: no connection was established, or it is busy or starting. The file is not the
   * cause. Null: the app was called.
   */
  readonly unreached: Unreached | null;
  /** New annotations by short type. */
  readonly counts: TypeCounts;
  /** Warnings of the app. */
  readonly warnings: readonly string[];
  /** How far new annotations extend into the media; null when times or duration are unknown. */
  readonly coverage: Coverage | null;
  /** Seconds that the app ran, as it reports them. */
  readonly runningSeconds: number | null;
  /** Messages of the app's SDK about itself; no user action is needed. */
  readonly notices: readonly string[];
}

/** The app that was called: its name for people, and the identifier with which it signs its views. */
export interface CalledApp {
  readonly name: string;
  readonly identifier: string;
}
