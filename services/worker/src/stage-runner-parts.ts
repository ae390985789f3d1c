import type { NatsLink } from '#libs/messaging';
import type { AppAdapter } from './adapters/app-adapter.js';
import type { Adapters } from './adapters/registry.js';
import type { StageStep } from './stage-step.js';

/** What the processing of stages needs from its process. */
export interface StageRunnerParts {
  readonly link: NatsLink;
  /** Name of this worker in events. */
  readonly worker: string;
  /** Aborted when the process ends: the broker then delivers what is in flight to another worker. */
  readonly stopping: AbortSignal;
  readonly adapters: Adapters;
  /** Calls an app in a process of its own; rejects with CallProcessDied when that process dies. */
  readonly isolated: AppAdapter;
  /** Called when a message can be read only by a newer release, with its version. */
  readonly onNewerVersion?: ((version: number) => void) | undefined;
  /** Called after each step, for tests that kill the worker there. */
  readonly onStep?: ((step: StageStep) => void) | undefined;
}
