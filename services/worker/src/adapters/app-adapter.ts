import type { AppControl, StageProgress } from '#libs/contracts';
import type { AbandonedCall } from '#libs/clams';
import type { StageTask } from '../stage-task.js';
import type { StageResult } from './stage-result.js';

/** How a call reports back while it runs, and what ends it early. */
export interface CallContext {
  /** The adapter calls this each time before it sends the request. It throws when the call must not start any more. */
  readonly onSending: () => void;
  /** Receives a call that the deadline or the signal ended and that the app may still work on. */
  readonly onAbandoned?: (abandoned: AbandonedCall) => void;
  readonly onProgress: (progress: StageProgress) => void;
  /** Aborted when the worker stops or the stage is cancelled. */
  readonly signal: AbortSignal;
}

/** A way to run an app on a document, such as an HTTP request. */
export interface AppAdapter {
  /**
   * Runs the app of a stage within the stage's deadline. Whatever the app does becomes a result; the promise rejects
   * only with the reason of the signal or with the error that `onSending` throws.
   */
  call(app: AppControl, task: StageTask, document: Uint8Array, context: CallContext): Promise<StageResult>;
}
