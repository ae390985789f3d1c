import { longId } from './ids.js';
import type { AnnotationList, View } from './model.js';

/** Where an annotation stands: the number of its view, and its position in the view. */
export interface AnnotationPlace {
  readonly view: number;
  readonly position: number;
}

/** Finds annotations of a document by their long ids, without holding them; of those with one id the last. */
export class AnnotationIndex {
  /** The places of all annotations, counted through all views. */
  readonly #places = new Map<string, number>();
  readonly #viewStarts: number[] = [];

  constructor(views: readonly View<AnnotationList>[]) {
    let count = 0;
    for (const { id, annotations } of views) {
      this.#viewStarts.push(count);
      for (const { properties } of annotations) {
        this.#places.set(longId(id, properties.id), count);
        count += 1;
      }
    }
  }

  get(id: string): AnnotationPlace | undefined {
    const place = this.#places.get(id);
    if (place === undefined) return undefined;
    const view = this.#viewOf(place);
    return { view, position: place - this.#viewStarts[view]! };
  }

  /** Number of the last view that begins at or before a place. */
  #viewOf(place: number): number {
    let [low, high] = [0, this.#viewStarts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.#viewStarts[middle]! <= place) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
