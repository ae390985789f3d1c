import { longId } from '../model/annotations.js';
import type { AnnotationList, View } from '../model/mmif.js';

/** The position of an annotation: the number of its view, and its index within the view. */
export interface AnnotationPlace {
  readonly view: number;
  readonly position: number;
}

/** Finds the positions of annotations by their long ids without keeping the annotations; the last one of an id wins. */
export class AnnotationIndex {
  /** Positions of all annotations, numbered through all views. */
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

  /** Number of the last view that begins at or before a position; binary search. */
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
