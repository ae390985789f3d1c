import type { Annotation, AnnotationList } from '../model/mmif.js';

/** Several hundred annotations: parsing them together is much faster than one by one, and they take little memory. */
const BATCH_BYTES = 64 * 1024;
/** A reader that skips fewer annotations than this counts as reading in order. */
const NEAR = 16;
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Annotations that are parsed on each access and not kept: in batches for a reader in order, one by one for random
 * access. The caller must have checked that every value is an annotation; `items` returns the unchecked values.
 */
export class StreamedAnnotations implements AnnotationList {
  readonly length: number;
  #batch: { readonly first: number; readonly items: readonly unknown[] } = { first: 0, items: [] };

  constructor(
    private readonly bytes: Uint8Array,
    /** Start and end of the first annotation in the bytes, of the second, and so on. */
    private readonly bounds: readonly number[],
    private readonly batchBytes = BATCH_BYTES,
  ) {
    this.length = bounds.length / 2;
  }

  at(index: number): Annotation | undefined {
    const { first, items } = this.#batch;
    const place = index - first;
    if (place >= 0 && place < items.length) return items[place] as Annotation;
    if (index >= this.length) return undefined;
    if (place < items.length || place >= items.length + NEAR) return this.#parse(index, index + 1)[0] as Annotation;
    this.#batch = { first: index, items: this.#parseBatch(index) };
    return this.#batch.items[0] as Annotation;
  }

  *[Symbol.iterator](): Generator<Annotation> {
    yield* this.items() as Generator<Annotation>;
  }

  /** The parsed values, unchecked; throws what `JSON.parse` and decoding throw. */
  *items(): Generator {
    for (let next = 0; next < this.length;) {
      const items = this.#parseBatch(next);
      yield* items;
      next += items.length;
    }
  }

  #parseBatch(first: number): unknown[] {
    const limit = this.bounds[2 * first]! + this.batchBytes;
    let end = first + 1;
    while (end < this.length && this.bounds[2 * end + 1]! <= limit) end += 1;
    return this.#parse(first, end);
  }

  #parse(first: number, end: number): unknown[] {
    const range = this.bytes.subarray(this.bounds[2 * first], this.bounds[2 * end - 1]);
    return JSON.parse(`[${UTF8.decode(range)}]`) as unknown[];
  }
}
