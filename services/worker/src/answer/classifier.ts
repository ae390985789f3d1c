import { type AppReply, type CalledApp, type Classification, classifyAnswer } from '#libs/clams';
import { OffLoop } from '#libs/runtime';
import { movable } from './movable.js';
import type { ClassifyRequest, ClassifyResult } from './thread-messages.js';

const MEBIBYTE = 1024 * 1024;
/** Documents of this total size take about 15 ms to parse, which heartbeats and other stages can tolerate. */
const OFF_LOOP_BYTES = MEBIBYTE;
/** Large documents are checked in parts, but one with very many views, or invalid JSON, takes ten times its size. */
const THREAD_HEAP_MIB = 1536;
/** Parsed documents are long-lived; the large young generation that the process uses for its messages would be wasted. */
const THREAD_YOUNG_MIB = 48;
const TIMEOUT_MS = 10 * 60_000;

/** A reply with its classification. */
export interface Judged {
  readonly reply: AppReply;
  readonly classification: Classification;
}

/** Classifies answers: small ones directly, large ones in a worker thread. */
export class Classifier {
  private readonly offLoop: OffLoop<ClassifyRequest, ClassifyResult>;

  /** `threadFile`: built file of `classify-thread`. */
  constructor(threadFile: URL) {
    this.offLoop = new OffLoop(threadFile, {
      heapMib: THREAD_HEAP_MIB,
      youngHeapMib: THREAD_YOUNG_MIB,
      timeoutMs: TIMEOUT_MS,
      // Every task belongs to a busy slot, so the number of slots is the limit.
      maxWaiting: Number.POSITIVE_INFINITY,
    });
  }

  /**
   * Classifies a reply to `document`. The caller must not use either afterwards: the memory of large ones moves to the
   * thread, and the reply comes back in the result. Throws when `signal` aborts or the classifier is closed in between:
   * the answer then counts neither as valid nor as invalid.
   */
  async classify(reply: AppReply, document: Uint8Array, app: CalledApp, signal?: AbortSignal): Promise<Judged> {
    if (reply.kind !== 'answer' || reply.body.byteLength + document.byteLength < OFF_LOOP_BYTES) {
      return { reply, classification: classifyAnswer(reply, document, app) };
    }
    const bytes = reply.body.byteLength;
    const request = { answer: { ...reply, body: movable(reply.body) }, document: movable(document), app };
    const outcome = await this.offLoop.run({
      request: () => request,
      transfer: () => [request.answer.body.buffer, request.document.buffer],
      ...(signal ? { signal } : {}),
    });
    if ('result' in outcome) return { reply: outcome.result.answer, classification: outcome.result.classification };
    signal?.throwIfAborted();
    if (outcome.failure === 'closed') throw new Error('The worker stopped before it had checked the answer.');
    // The thread died of this document or took too long: the output cannot be checked, so it cannot be used.
    const tooLarge = { kind: 'too-large', bytes } as const;
    return { reply: tooLarge, classification: classifyAnswer(tooLarge, document, app) };
  }

  close(): Promise<void> {
    return this.offLoop.close();
  }
}
