import type { AppControl } from '#libs/contracts';
import type { Logger } from '#libs/runtime';
import type { AppAdapter, CallContext } from '../adapters/app-adapter.js';
import { type Adapters, adapterOf } from '../adapters/registry.js';
import type { StageResult } from '../adapters/stage-result.js';
import type { StageTask } from '../stage-task.js';
import { CallProcess, CallProcessDied, type CallProcessOptions } from './call-process.js';

/** Longest time between the worker's last check and the request; each repetition doubles it. */
const SENT_WITHIN_MS = 1000;
/** Longest time that a process with nothing to do is kept. */
const SPARE_FOR_MS = 10_000;
/** After the deadline of the stage, the answer is checked, which has its own limit of 10 min. */
const CHECKED_WITHIN_MS = 15 * 60_000;
const SECOND = 1000;
const NO_BYTES = new Uint8Array();

export interface IsolatedAdapterParts extends CallProcessOptions {
  /** Used when no process can be started. */
  readonly adapters: Adapters;
  readonly log: Logger;
}

/**
 * Calls an app, and checks its answer, in a process of its own with a memory limit, through the app's own adapter. For
 * stages whose earlier calls ended with their worker: if the file is the cause, only its process ends, `call` rejects
 * with CallProcessDied, and all other calls of the worker continue.
 *
 * The process starts before `onSending`, so that its start does not make the decision to call stale. If it becomes stale
 * nevertheless, the process is kept for the repetition. It ends when the app has released the call, or with the worker.
 */
export class IsolatedAdapter implements AppAdapter {
  private readonly spare = new Set<CallProcess>();

  constructor(private readonly parts: IsolatedAdapterParts) {}

  async call(app: AppControl, task: StageTask, document: Uint8Array, context: CallContext): Promise<StageResult> {
    const child = await this.prepared(app, task, document);
    if (!child) return adapterOf(this.parts.adapters, app).call(app, task, document, context);
    try {
      context.signal.throwIfAborted();
      context.onSending();
    } catch (error) {
      this.keep(child);
      throw error;
    }
    const limit = setTimeout(() => child.kill(), task.stage.deadline * SECOND + CHECKED_WITHIN_MS);
    try {
      return await callIn(child, context);
    } catch (error) {
      if (error instanceof CallProcessDied)
        this.parts.log.warn({ err: error, app: app.slug, ...addressOf(task) }, 'an isolated call ended its process');
      throw error;
    } finally {
      clearTimeout(limit);
    }
  }

  /** Ends the processes that have nothing to do. */
  close(): void {
    for (const child of this.spare) child.kill();
    this.spare.clear();
  }

  /** A process that has the document; null when none can be started. */
  private async prepared(app: AppControl, task: StageTask, document: Uint8Array): Promise<CallProcess | null> {
    const child = this.takeSpare() ?? new CallProcess(this.parts);
    child.send({ kind: 'prepare', app, task: { ...task, inline: NO_BYTES }, document });
    try {
      for (;;) if ((await child.next()).kind === 'prepared') return child;
    } catch (error) {
      this.parts.log.warn({ err: error, app: app.slug }, 'a process for an isolated call could not start');
      return null;
    }
  }

  private takeSpare(): CallProcess | undefined {
    const [child] = this.spare;
    if (child) this.spare.delete(child);
    return child;
  }

  private keep(child: CallProcess): void {
    this.spare.add(child);
    setTimeout(() => {
      if (this.spare.delete(child)) child.kill();
    }, SPARE_FOR_MS).unref();
  }
}

const addressOf = ({ slip: { batch, run, index } }: StageTask) => ({ batch, run, index });

async function callIn(child: CallProcess, context: CallContext): Promise<StageResult> {
  const { onSending, onAbandoned, onProgress, signal } = context;
  const abort = () => child.send({ kind: 'abort' });
  signal.addEventListener('abort', abort, { once: true });
  let release!: () => void;
  const released = new Promise<void>((resolve) => (release = resolve));
  let isAbandoned = false;
  const start = (withinMs: number) => child.send({ kind: 'call', at: Date.now(), withinMs });
  const end = () => {
    release();
    child.kill();
  };
  try {
    let withinMs = SENT_WITHIN_MS;
    start(withinMs);
    for (;;) {
      const message = await child.next();
      switch (message.kind) {
        case 'ready':
        case 'prepared':
          break;
        case 'progress':
          onProgress(message.progress);
          break;
        case 'abandoned':
          isAbandoned = true;
          onAbandoned?.({ released, disconnect: () => child.send({ kind: 'disconnect' }) });
          break;
        case 'released':
          isAbandoned = false;
          break;
        case 'stale':
          onSending();
          withinMs *= 2;
          start(withinMs);
          break;
        case 'result':
          return message.result;
        case 'failed':
          signal.throwIfAborted();
          throw new Error(message.message);
      }
    }
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
    if (isAbandoned) void untilReleased(child).then(end, end);
    else end();
  }
}

async function untilReleased(child: CallProcess): Promise<void> {
  while ((await child.next()).kind !== 'released');
}
