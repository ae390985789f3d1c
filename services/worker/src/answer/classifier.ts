import { Worker } from 'node:worker_threads';
import { type AppReply, type CalledApp, type Classification, classifyAnswer } from '#libs/clams';
import type { ClassifyRequest, ClassifyResult } from './thread-messages.js';

const MEBIBYTE = 1024 * 1024;
/** Parsing this much takes some 15 ms, which heartbeats and other stages can bear. */
const OFF_LOOP_BYTES = MEBIBYTE;
/** A document with very many small annotations takes about ten times its size while it is checked. */
const THREAD_HEAP_MIB = 1536;

interface Waiting {
  readonly request: ClassifyRequest;
  readonly settle: (classification: Classification) => void;
}

/** Judges answers: small ones at once, large ones in a thread of its own, one after the other. */
export class Classifier {
  private thread: Worker | undefined;
  private readonly queue: Waiting[] = [];
  private lastId = 0;

  constructor(
    /** Built file of `classify-thread`. */
    private readonly threadFile: URL,
  ) {}

  classify(reply: AppReply, document: Uint8Array, app: CalledApp): Promise<Classification> {
    const bytes = reply.kind === 'answer' ? reply.body.byteLength + document.byteLength : 0;
    if (bytes < OFF_LOOP_BYTES) return Promise.resolve(classifyAnswer(reply, document, app));
    return new Promise((settle) => {
      this.lastId += 1;
      this.queue.push({ request: { id: this.lastId, reply, document, app }, settle });
      if (this.queue.length === 1) this.sendNext();
    });
  }

  async close(): Promise<void> {
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
    thread.on('message', ({ id, classification }: ClassifyResult) => {
      if (this.queue[0]?.request.id === id) this.settleFirst(classification);
    });
    thread.on('error', () => undefined);
    thread.on('exit', () => {
      this.thread = undefined;
      const first = this.queue[0];
      if (first) this.settleFirst(unchecked(first.request));
    });
    return thread;
  }

  private settleFirst(classification: Classification): void {
    this.queue.shift()!.settle(classification);
    this.sendNext();
  }
}

/** The thread died of this document: nobody can say that the answer is sound. */
const unchecked = ({ reply, document, app }: ClassifyRequest): Classification =>
  classifyAnswer(
    { kind: 'too-large', bytes: reply.kind === 'answer' ? reply.body.byteLength : document.byteLength },
    document,
    app,
  );
