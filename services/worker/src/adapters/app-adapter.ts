import type { AppControl, Outcome } from '#libs/contracts';
import type { Coverage } from '#libs/mmif';
import type { StageTask } from '../stage-task.js';

/** What an app's answer means, cut to what fits an event; `output` is there after a success. */
export interface StageResult {
  readonly outcome: Outcome;
  readonly sentence: string;
  readonly fingerprint?: string;
  readonly trace?: string;
  readonly httpStatus?: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly warnings: readonly string[];
  readonly notices: readonly string[];
  readonly coverage: Coverage | null;
  readonly runningSeconds: number | null;
  /** Seconds after which the app wants to be asked again. */
  readonly retryAfter: number | null;
  readonly output?: Uint8Array;
}

/** What a stage without an answer leaves. */
export const NOTHING_FOUND = {
  counts: {},
  warnings: [],
  notices: [],
  coverage: null,
  runningSeconds: null,
  retryAfter: null,
} as const;

/** What a call is told besides its stage: who hears of its begin and its progress, and what ends it early. */
export interface CallContext {
  /** To be called before the app is asked, the last time right before: it throws when it is too late for that by now. */
  readonly onSending: () => void;
  readonly onPercent: (percent: number) => void;
  readonly signal: AbortSignal;
}

/** A way to run an app on a document: over HTTP, or as a job of its own. */
export interface AppAdapter {
  /** Runs the app of a stage and says what came of it; rejects only with the reason of the signal, or what `onSending` throws. */
  call(app: AppControl, task: StageTask, document: Uint8Array, context: CallContext): Promise<StageResult>;
}
