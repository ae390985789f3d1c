import type { AppControl, StageProgress } from '#libs/contracts';
import type { StageResult } from '../adapters/stage-result.js';
import type { StageTask } from '../stage-task.js';

/** What a worker sends to the process of an isolated call. */
export type ToCallProcess =
  | {
      readonly kind: 'prepare';
      readonly app: AppControl;
      readonly task: StageTask;
      readonly document: Uint8Array;
    }
  /** Call the app, unless the request would be sent later than `withinMs` after `at` (milliseconds since 1970). */
  | { readonly kind: 'call'; readonly at: number; readonly withinMs: number }
  | { readonly kind: 'abort' }
  /** Close the connection of the abandoned call. */
  | { readonly kind: 'disconnect' };

/** What the process of an isolated call sends to its worker. */
export type FromCallProcess =
  | { readonly kind: 'ready' }
  | { readonly kind: 'prepared' }
  /** Nothing was sent, because it was too late. */
  | { readonly kind: 'stale' }
  | { readonly kind: 'progress'; readonly progress: StageProgress }
  /** The call ended, but the app may still work on it until `released`. */
  | { readonly kind: 'abandoned' }
  | { readonly kind: 'released' }
  | { readonly kind: 'result'; readonly result: StageResult }
  /** The call was aborted, or failed unexpectedly. */
  | { readonly kind: 'failed'; readonly message: string };

/** Exit code of a process that used more memory than it may. */
export const TOO_MUCH_MEMORY = 77;
