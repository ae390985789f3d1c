import type { OnApplicationShutdown } from '@nestjs/common';
import { Worker } from 'node:worker_threads';
import type { DerivedFormat } from '#libs/mmif';
import { derive, type DerivedFile } from './derive.js';
import type { DeriveRequest, DeriveResult } from './thread-messages.js';

/** Parsing and writing this much takes some 10 ms, which other requests can bear. */
const OFF_LOOP_BYTES = 128 * 1024;
/** Parsed documents take about ten times their size. */
const THREAD_HEAP_MIB = 1536;
const TOO_LARGE = 'the document is too large to be converted';

interface Waiting {
  readonly request: DeriveRequest;
  readonly settle: (files: DerivedFile[]) => void;
}

/** Makes files of documents: of small ones at once, of large ones in a thread, one after the other. */
export class Deriver implements OnApplicationShutdown {
  private thread: Worker | undefined;
  private readonly queue: Waiting[] = [];

  constructor(
    /** Built file of `derive-thread`. */
    private readonly threadFile: URL,
  ) {}

  derive(document: Uint8Array, formats: readonly DerivedFormat[]): Promise<DerivedFile[]> {
    if (formats.length === 0) return Promise.resolve([]);
    if (document.byteLength < OFF_LOOP_BYTES) return Promise.resolve(derive(document, formats));
    return new Promise((settle) => {
      this.queue.push({ request: { document, formats }, settle });
      if (this.queue.length === 1) this.sendNext();
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.thread?.terminate();
  }

  // One at a time, so that a thread that dies of one document takes no other with it.
  private sendNext(): void {
    const next = this.queue[0];
    if (!next) return;
    this.thread ??= this.start();
    this.thread.postMessage(next.request);
  }

  private start(): Worker {
    const thread = new Worker(this.threadFile, { resourceLimits: { maxOldGenerationSizeMb: THREAD_HEAP_MIB } });
    thread.unref();
    thread.on('message', (made: DeriveResult) =>
      this.settleFirst(made.map((file) => ('bytes' in file ? { ...file, bytes: Buffer.from(file.bytes) } : file))),
    );
    thread.on('error', () => undefined);
    thread.on('exit', () => {
      this.thread = undefined;
      const first = this.queue[0];
      if (first) this.settleFirst(first.request.formats.map(() => ({ missing: TOO_LARGE })));
    });
    return thread;
  }

  private settleFirst(files: DerivedFile[]): void {
    this.queue.shift()!.settle(files);
    this.sendNext();
  }
}
