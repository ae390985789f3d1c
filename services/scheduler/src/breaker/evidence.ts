import { fileKey, type Settled } from './settled.js';

/** So many different files that fail in the same way, without a success, are evidence against an app. */
export const FILES_ALIKE = 20;
/** Limit of the different failures that are counted at the same time; the oldest is forgotten. */
const MAX_FINGERPRINTS = 50;

/** Different files that failed in the same way since the last success. */
export interface Alike {
  readonly files: number;
  readonly batches: number;
}

/**
 * Counts the files that fail in the same way at an app. Each file counts once, with its first failure: the retries of
 * a few bad files at the end of a batch prove nothing. Any success resets the count.
 */
export class Evidence {
  /** Batch by file, by fingerprint. */
  private readonly failures = new Map<string, Map<string, number>>();

  /** Adds a settlement; returns what has failed like it. */
  add(settled: Settled): Alike {
    if (settled.result === 'success') this.failures.clear();
    const counts = settled.result === 'failure' && settled.unreached === null && !settled.isRetry;
    const files = counts ? this.filesLike(settled.fingerprint) : new Map<string, number>();
    if (counts) {
      // One batch must not fill the count so that another batch is never seen.
      if (files.size >= FILES_ALIKE) files.delete(files.keys().next().value!);
      files.set(fileKey(settled), settled.batch);
    }
    return { files: files.size, batches: new Set(files.values()).size };
  }

  clear(): void {
    this.failures.clear();
  }

  private filesLike(fingerprint: string): Map<string, number> {
    const files = this.failures.get(fingerprint) ?? new Map<string, number>();
    if (!this.failures.has(fingerprint) && this.failures.size >= MAX_FINGERPRINTS)
      this.failures.delete(this.failures.keys().next().value!);
    this.failures.set(fingerprint, files);
    return files;
  }
}
