import type { Coverage, TypeCounts } from '#libs/mmif';

/** How a call ended: the outcomes of a stage run that an answer alone can tell. */
export type AnswerOutcome =
  | 'ok'
  | 'ok-with-warnings'
  | 'empty'
  | 'app-error'
  | 'invalid-input'
  | 'invalid-output'
  | 'timeout'
  | 'unreachable'
  | 'out-of-memory'
  | 'media-missing';

/** What an app's answer means. */
export interface Classification {
  readonly outcome: AnswerOutcome;
  /** True when the body of the answer is the output of the stage. */
  readonly success: boolean;
  /** What happened, for a person. */
  readonly sentence: string;
  /** The same for similar failures; null for a success. */
  readonly fingerprint: string | null;
  /** The app's stack trace. */
  readonly trace: string | null;
  readonly httpStatus: number | null;
  /** Seconds after which the app wants to be asked again. */
  readonly retryAfter: number | null;
  /** New annotations by short type. */
  readonly counts: TypeCounts;
  /** What the app warns of. */
  readonly warnings: readonly string[];
  /** How far new annotations reach into the media; null when times or duration are not known. */
  readonly coverage: Coverage | null;
  /** Seconds the app says it ran. */
  readonly runningSeconds: number | null;
  /** What the app's SDK says about itself; nothing that anybody has to look at. */
  readonly notices: readonly string[];
}

/** The app that was called: how people call it, and what it signs its views with. */
export interface CalledApp {
  readonly name: string;
  readonly identifier: string;
}
