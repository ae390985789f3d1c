import { Worker } from 'node:worker_threads';
import { type AppReply, type CalledApp, type Classification, classifyAnswer } from '#libs/clams';
import { movable } from './movable.js';
import type { ClassifyRequest, ClassifyResult } from './thread-messages.js';

const MEBIBYTE = 1024 * 1024;
/** Parsing this much takes about 15 ms, which heartbeats and other stages tolerate. */
const OFF_LOOP_BYTES = MEBIBYTE;
/** Large documents are checked in parts; one with very many views, or invalid JSON, takes ten times its size. */
const THREAD_HEAP_MIB = 1536;
/** The thread's garbage is long-lived: a larger young generation would only take memory. */
const THREAD_YOUNG_MIB = 48;

/** A reply and its classification. */
export interface Judged {
  readonly reply: AppReply;
  readonly classification: Classification;
}

interface Waiting {
  readonly request: ClassifyRequest;
  /** Size of the answer, whose buffer is detached once it is in the thread. */
  readonly bytes: number;
  readonly settle: (judged: Judged) => void;
}

/** Classifies answers: small ones immediately, large ones in a thread, one after the other. */
export class Classifier {
  private thread: Worker | undefined;
  private readonly queue: Waiting[] = [];
  private lastId = 0;

  constructor(
    /** Compiled file of `classify-thread`. */
    private readonly threadFile: URL,
  ) {}

  /**
   * The caller must not use `document` and `reply` afterwards: large ones move to the thread instead of being copied.
   * The result contains the reply again.
   */
  classify(reply: AppReply, document: Uint8Array, app: CalledApp): Promise<Judged> {
    if (reply.kind !== 'answer' || reply.body.byteLength + document.byteLength < OFF_LOOP_BYTES) {
      return Promise.resolve({ reply, classification: classifyAnswer(reply, document, app) });
    }
    return new Promise((settle) => {
      this.lastId += 1;
      const answer = { ...reply, body: movable(reply.body) };
      const request = { id: this.lastId, answer, document: movable(document), app };
      this.queue.push({ request, bytes: reply.body.byteLength, settle });
      if (this.queue.length === 1) this.sendNext();
    });
  }

  async close(): Promise<void> {
    await this.thread?.terminate();
  }

  // One at a time: if a document kills the thread, no other document is affected.
  private sendNext(): void {
    const next = this.queue[0];
    if (!next) return;
    this.thread ??= this.start();
    const { answer, document } = next.request;
    this.thread.postMessage(next.request, [answer.body.buffer as ArrayBuffer, document.buffer as ArrayBuffer]);
  }

  private start(): Worker {
    const thread = new Worker(this.threadFile, {
      resourceLimits: { maxOldGenerationSizeMb: THREAD_HEAP_MIB, maxYoungGenerationSizeMb: THREAD_YOUNG_MIB },
    });
    thread.unref();
    thread.on('message', ({ id, answer, classification }: ClassifyResult) => {
      if (this.queue[0]?.request.id === id) this.settleFirst({ reply: answer, classification });
    });
    thread.on('error', () => undefined);
    thread.on('exit', () => {
      this.thread = undefined;
      const first = this.queue[0];
      if (first) this.settleFirst(unchecked(first));
    });
    return thread;
  }

  private settleFirst(judged: Judged): void {
    this.queue.shift()!.settle(judged);
    this.sendNext();
  }
}

/** This document killed the thread, so its answer cannot be checked. */
function unchecked({ bytes, request: { document, app } }: Waiting): Judged {
  const reply = { kind: 'too-large', bytes } as const;
  return { reply, classification: classifyAnswer(reply, document, app) };
}
