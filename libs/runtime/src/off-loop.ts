import { Worker } from 'node:worker_threads';

/** Why a task has no result. */
export type OffLoopFailure =
  /** The thread ended without an answer; in practice, the task needed more memory than the thread may use. */
  'thread-died' | 'timed-out' | 'aborted' | 'queue-full' | 'closed';

/** What the thread answered, or why there is no answer. */
export type OffLoopOutcome<Result> = { readonly result: Result } | { readonly failure: OffLoopFailure };

export interface OffLoopOptions {
  /** Memory of the thread for long-lived objects, in MiB. A task that needs more ends the thread. */
  readonly heapMib: number;
  /** Memory of the thread for short-lived objects, in MiB; by default, what Node chooses. */
  readonly youngHeapMib?: number;
  /** Longest run of one task, in milliseconds. */
  readonly timeoutMs: number;
  /** Tasks that may wait at the same time. */
  readonly maxWaiting: number;
  /** Starts a thread for each task, so that an idle process holds no memory for it; by default, the thread is kept. */
  readonly threadPerTask?: boolean;
}

export interface OffLoopTask<Request> {
  /** Called when the thread is free, so that a waiting task need not hold its input in memory. */
  readonly request: () => Request | Promise<Request>;
  /** Memory that moves to the thread instead of being copied; the caller can no longer read it. */
  readonly transfer?: (request: Request) => readonly ArrayBuffer[];
  /** Removes a waiting task, or terminates the thread that runs it. */
  readonly signal?: AbortSignal;
}

interface Entry<Request, Result> {
  readonly task: OffLoopTask<Request>;
  readonly settle: (outcome: OffLoopOutcome<Result>) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Runs expensive computations (parsing a large document, for example) in a worker thread, so that the event loop keeps
 * serving requests and heartbeats.
 *
 * - **One task at a time, in order.** A thread that dies takes only its own task with it, and only one large document
 *   is parsed at a time.
 * - **Thread file.** For each `message`, it posts exactly one message back: the result.
 * - **Life of the thread.** The first task starts it. It is kept for the next task unless `threadPerTask` is set. It
 *   never keeps the process alive. After it died, timed out or was aborted, the next task starts a new one.
 * - **Failures are values.** `run` rejects only with the error that `request` threw.
 */
export class OffLoop<Request, Result> {
  private readonly waiting: Entry<Request, Result>[] = [];
  private running: Entry<Request, Result> | undefined;
  /** Timer of the running task; undefined until the thread has the task. */
  private deadline: NodeJS.Timeout | undefined;
  private thread: Worker | undefined;
  private isClosed = false;

  constructor(
    /** Built file that the thread runs. */
    private readonly threadFile: URL,
    private readonly options: OffLoopOptions,
  ) {}

  async run(task: OffLoopTask<Request>): Promise<OffLoopOutcome<Result>> {
    if (this.isClosed) return { failure: 'closed' };
    if (task.signal?.aborted) return { failure: 'aborted' };
    if (this.waiting.length >= this.options.maxWaiting) return { failure: 'queue-full' };
    let abort: (() => void) | undefined;
    try {
      return await new Promise((settle, reject) => {
        const entry = { task, settle, reject };
        abort = () => this.abort(entry);
        task.signal?.addEventListener('abort', abort, { once: true });
        this.waiting.push(entry);
        this.startNext();
      });
    } finally {
      if (abort) task.signal?.removeEventListener('abort', abort);
    }
  }

  /** Ends the thread; running and waiting tasks get the failure `closed`. */
  async close(): Promise<void> {
    this.isClosed = true;
    const entries = [...(this.running ? [this.running] : []), ...this.waiting.splice(0)];
    this.running = undefined;
    clearTimeout(this.deadline);
    for (const { settle } of entries) settle({ failure: 'closed' });
    await this.dropThread();
  }

  private startNext(): void {
    if (this.running || this.isClosed) return;
    const entry = this.waiting.shift();
    if (!entry) return;
    this.running = entry;
    void this.send(entry);
  }

  private async send(entry: Entry<Request, Result>): Promise<void> {
    const { task } = entry;
    try {
      const request = await task.request();
      // The task may have been aborted or closed while its input was read.
      if (this.running !== entry) return;
      this.thread ??= this.startThread();
      this.thread.postMessage(request, [...(task.transfer?.(request) ?? [])]);
    } catch (error) {
      if (this.release(entry)) entry.reject(error);
      return;
    }
    this.deadline = setTimeout(() => this.fail(entry, 'timed-out'), this.options.timeoutMs).unref();
  }

  private startThread(): Worker {
    const { heapMib, youngHeapMib, threadPerTask } = this.options;
    const thread = new Worker(this.threadFile, {
      resourceLimits: {
        maxOldGenerationSizeMb: heapMib,
        ...(youngHeapMib === undefined ? {} : { maxYoungGenerationSizeMb: youngHeapMib }),
      },
    });
    thread.unref();
    thread.on('message', (result: Result) => {
      // A terminated thread may still deliver a message.
      const entry = this.running;
      if (this.thread !== thread || !entry) return;
      // The next thread starts only after the memory of this one is free.
      if (threadPerTask) void this.dropThread().then(() => this.finish(entry, { result }));
      else this.finish(entry, { result });
    });
    // `exit` follows and settles the task; without a listener, the error would end the process.
    thread.on('error', () => undefined);
    thread.on('exit', () => {
      if (this.thread !== thread) return;
      this.thread = undefined;
      if (this.running && this.deadline) this.finish(this.running, { failure: 'thread-died' });
    });
    return thread;
  }

  private abort(entry: Entry<Request, Result>): void {
    const position = this.waiting.indexOf(entry);
    if (position < 0) return this.fail(entry, 'aborted');
    this.waiting.splice(position, 1);
    entry.settle({ failure: 'aborted' });
  }

  /** Ends a running task together with its thread, which cannot be interrupted in any other way. */
  private fail(entry: Entry<Request, Result>, failure: OffLoopFailure): void {
    if (this.running !== entry) return;
    void this.dropThread();
    this.finish(entry, { failure });
  }

  private finish(entry: Entry<Request, Result>, outcome: OffLoopOutcome<Result>): void {
    if (this.release(entry)) entry.settle(outcome);
  }

  /** Makes room for the next task; false when the task was released before. */
  private release(entry: Entry<Request, Result>): boolean {
    if (this.running !== entry) return false;
    clearTimeout(this.deadline);
    this.deadline = undefined;
    this.running = undefined;
    this.startNext();
    return true;
  }

  private async dropThread(): Promise<void> {
    const { thread } = this;
    this.thread = undefined;
    await thread?.terminate();
  }
}
