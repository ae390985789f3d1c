import { once } from 'node:events';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { constants, gzip } from 'node:zlib';
import { BoundedCache } from './bounded-cache.js';
import { type DocumentView, type StoredContent, type ViewKind, viewDocument } from './document-view.js';

const compress = promisify(gzip);
const FAST = { level: constants.Z_BEST_SPEED };
const MEBIBYTE = 1024 * 1024;
/** Reading this much takes some 10 ms, which other requests can bear. */
const OFF_LOOP_BYTES = 256 * 1024;
/** A parsed document takes about ten times its size. */
const THREAD_HEAP_MIB = 1024;
const CACHE_BYTES = 32 * MEBIBYTE;
const TOO_LARGE: DocumentView = { unreadable: 'it is too large to be read as a whole.' };

/** JSON, compressed; or why there is none, as the end of a sentence. */
export type CompressedView = { readonly gzip: Buffer } | { readonly unreadable: string };

/** A document whose content is read when its turn comes. */
export interface ViewedDocument {
  readonly sha256: string;
  /** Size before compression. */
  readonly bytes: number;
  readonly read: () => Promise<StoredContent>;
}

/**
 * Tells something of documents: of small ones at once, of large ones in a thread each, one after the other, so that
 * only one is held at a time. What was told lately is kept, and who asks for the same meanwhile waits for the same.
 */
export class DocumentViews {
  private readonly cache = new BoundedCache<CompressedView>(CACHE_BYTES);
  private readonly underWay = new Map<string, Promise<CompressedView>>();
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    /** Built file of `view-thread`. */
    private readonly threadFile: URL,
  ) {}

  of(document: ViewedDocument, kind: ViewKind): Promise<CompressedView> {
    const key = `${kind}/${document.sha256}`;
    const known = this.cache.get(key);
    if (known) return Promise.resolve(known);
    const making = this.underWay.get(key) ?? this.make(key, document, kind);
    this.underWay.set(key, making);
    return making;
  }

  private async make(key: string, document: ViewedDocument, kind: ViewKind): Promise<CompressedView> {
    try {
      const view = await this.view(document, kind);
      const made = 'json' in view ? { gzip: await compress(view.json, FAST) } : view;
      this.cache.set(key, made, 'gzip' in made ? made.gzip.length : 0);
      return made;
    } finally {
      this.underWay.delete(key);
    }
  }

  private async view({ bytes, read }: ViewedDocument, kind: ViewKind): Promise<DocumentView> {
    if (bytes < OFF_LOOP_BYTES) return viewDocument(await read(), kind);
    const inTurn = this.turn.then(async () => this.inThread(await read(), kind));
    this.turn = inTurn.catch(() => undefined);
    return inTurn;
  }

  private async inThread(stored: StoredContent, kind: ViewKind): Promise<DocumentView> {
    const thread = new Worker(this.threadFile, {
      workerData: { stored, kind },
      resourceLimits: { maxOldGenerationSizeMb: THREAD_HEAP_MIB },
    });
    thread.unref();
    const ended = new AbortController();
    thread.once('exit', () => ended.abort());
    try {
      const [view] = (await once(thread, 'message', { signal: ended.signal })) as [DocumentView];
      return view;
    } catch {
      // It has died of this document.
      return TOO_LARGE;
    } finally {
      await thread.terminate();
    }
  }
}
