import type { OnApplicationShutdown } from '@nestjs/common';
import type { DerivedFormat } from '#libs/mmif';
import { OffLoop } from '#libs/runtime';
import { derive, type DerivedFile } from './derive.js';

const MINUTE = 60_000;
/** A document of this size takes about 10 ms to parse and convert, which other requests can tolerate. */
const OFF_LOOP_BYTES = 128 * 1024;
/** A parsed document takes about ten times its size. */
const THREAD_HEAP_MIB = 1536;
/** Each waiting task holds a document in memory. */
const MAX_WAITING = 100;

/** Reason for a document that was not converted because too many others are waiting. */
export const BUSY = 'too many documents are being converted';

/** The message to `derive-thread`; the answer is one file per format. */
export interface DeriveRequest {
  readonly document: Uint8Array;
  readonly formats: readonly DerivedFormat[];
}

/** A file whose bytes have crossed a thread boundary: a Buffer arrives as Uint8Array. */
type ReceivedFile = { readonly bytes: Uint8Array; readonly sha256: string } | { readonly missing: string };

/** Derives files from documents: from small ones directly, from large ones in a worker thread. */
export class Deriver implements OnApplicationShutdown {
  private readonly offLoop: OffLoop<DeriveRequest, readonly ReceivedFile[]>;

  /** `threadFile`: built file of `derive-thread`. */
  constructor(threadFile: URL) {
    this.offLoop = new OffLoop(threadFile, {
      heapMib: THREAD_HEAP_MIB,
      timeoutMs: 10 * MINUTE,
      maxWaiting: MAX_WAITING,
    });
  }

  /** One file per format, in the given order; a document that cannot be converted yields a reason for each format. */
  async derive(document: Uint8Array, formats: readonly DerivedFormat[]): Promise<DerivedFile[]> {
    if (formats.length === 0) return [];
    if (document.byteLength < OFF_LOOP_BYTES) return derive(document, formats);
    const outcome = await this.offLoop.run({ request: () => ({ document, formats }) });
    if ('result' in outcome)
      return outcome.result.map((file) => ('bytes' in file ? { ...file, bytes: Buffer.from(file.bytes) } : file));
    const missing =
      outcome.failure === 'thread-died' || outcome.failure === 'timed-out'
        ? 'the document is too large to be converted'
        : BUSY;
    return formats.map(() => ({ missing }));
  }

  onApplicationShutdown(): Promise<void> {
    return this.offLoop.close();
  }
}
