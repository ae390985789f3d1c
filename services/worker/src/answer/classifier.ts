import { Worker } from 'node:worker_threads';
import { type AppReply, type CalledApp, type Classification, classifyAnswer } from '#libs/clams';
import { movable } from './movable.js';
import type { ClassifyRequest, ClassifyResult } from './thread-messages.js';

const MEBIBYTE = 1024 * 1024;
/** Parsing this much takes some 15 ms, which heartbeats and other stages can bear. */
const OFF_LOOP_BYTES = MEBIBYTE;
/** Large documents are checked in parts; one of very many views, or one that is no JSON, takes ten times its size. */
const THREAD_HEAP_MIB = 1536;
/** Its garbage lives long: room for much of it, as the process has for its messages, would only be memory. */
const THREAD_YOUNG_MIB = 48;

/** A reply with what it means. */
export interface Judged {
  readonly reply: AppReply;
  readonly classification: Classification;
}

interface Waiting {
  readonly request: ClassifyRequest;
  /** Of the answer, which is no longer here once it went to the thread. */
  readonly bytes: number;
  readonly settle: (judged: Judged) => void;
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

  /**
   * The caller gives document and reply away: large ones move to the thread instead of being copied, and the reply
   * comes back in what is returned.
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

  // One at a time, so that a thread that dies of one document takes no other with it.
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

/** The thread died of this document: nobody can say that the answer is sound. */
function unchecked({ bytes, request: { document, app } }: Waiting): Judged {
  const reply = { kind: 'too-large', bytes } as const;
  return { reply, classification: classifyAnswer(reply, document, app) };
}
