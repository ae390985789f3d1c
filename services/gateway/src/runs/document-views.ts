import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import { OffLoop } from '#libs/runtime';
import { documentsBusy } from '../http/problem-error.js';
import { BoundedCache } from './bounded-cache.js';
import { type DocumentView, type StoredContent, type ViewKind, viewDocument } from './document-view.js';

const compress = promisify(gzip);
const FAST = { level: constants.Z_BEST_SPEED };
const MEBIBYTE = 1024 * 1024;
/** A document of this size takes about 10 ms to read, which other requests can tolerate. */
const OFF_LOOP_BYTES = 256 * 1024;
/** A parsed document takes about ten times its size. */
const THREAD_HEAP_MIB = 1024;
const CACHE_BYTES = 32 * MEBIBYTE;
const TIMEOUT_MS = 10 * 60_000;
/** A waiting document is not in memory yet. */
const MAX_WAITING = 1000;
const TOO_LARGE: DocumentView = { unreadable: 'it is too large to be read as a whole.' };

/** Compressed JSON, or the reason why there is none, as the end of a sentence. */
export type CompressedView = { readonly gzip: Buffer } | { readonly unreadable: string };

/** A document whose content is read only when the thread is free. */
export interface ViewedDocument {
  readonly sha256: string;
  /** Size before compression. */
  readonly bytes: number;
  readonly read: () => Promise<StoredContent>;
}

/** The message to `view-thread`; the answer is a DocumentView. */
export interface ViewRequest {
  readonly stored: StoredContent;
  readonly kind: ViewKind;
}

/**
 * Computes views of documents: of small ones directly, of large ones in a worker thread, which reads one document at a
 * time. Recent views are cached, and concurrent requests for the same view share one computation.
 */
export class DocumentViews {
  private readonly cache = new BoundedCache<CompressedView>(CACHE_BYTES);
  private readonly inProgress = new Map<string, Promise<CompressedView>>();
  private readonly offLoop: OffLoop<ViewRequest, DocumentView>;

  /** `threadFile`: built file of `view-thread`. */
  constructor(threadFile: URL) {
    this.offLoop = new OffLoop(threadFile, {
      heapMib: THREAD_HEAP_MIB,
      timeoutMs: TIMEOUT_MS,
      maxWaiting: MAX_WAITING,
      threadPerTask: true,
    });
  }

  /** Throws ProblemError (503) when too many documents wait. */
  of(document: ViewedDocument, kind: ViewKind): Promise<CompressedView> {
    const key = `${kind}/${document.sha256}`;
    const known = this.cache.get(key);
    if (known) return Promise.resolve(known);
    const making = this.inProgress.get(key) ?? this.make(key, document, kind);
    this.inProgress.set(key, making);
    return making;
  }

  private async make(key: string, document: ViewedDocument, kind: ViewKind): Promise<CompressedView> {
    try {
      const view = await this.view(document, kind);
      const made = 'json' in view ? { gzip: await compress(view.json, FAST) } : view;
      this.cache.set(key, made, 'gzip' in made ? made.gzip.length : 0);
      return made;
    } finally {
      this.inProgress.delete(key);
    }
  }

  private async view({ bytes, read }: ViewedDocument, kind: ViewKind): Promise<DocumentView> {
    if (bytes < OFF_LOOP_BYTES) return viewDocument(await read(), kind);
    const outcome = await this.offLoop.run({ request: async () => ({ stored: await read(), kind }) });
    if ('result' in outcome) return outcome.result;
    if (outcome.failure === 'thread-died' || outcome.failure === 'timed-out') return TOO_LARGE;
    throw documentsBusy();
  }
}
