import type { Annotation } from '#libs/mmif';
import { TYPES } from './vocabulary.js';

const PREFIXES = {
  Annotation: 'ann',
  TimeFrame: 'tf',
  TimePoint: 'tp',
  TextDocument: 'td',
  BoundingBox: 'bb',
  Alignment: 'al',
  Sentence: 's',
  NamedEntity: 'ne',
} as const;

/** Collects the annotations of one view and numbers them by type: `tf_1`, `tf_2`, `tp_1`. */
export class AnnotationList {
  readonly annotations: Annotation[] = [];
  readonly #counts = new Map<string, number>();

  /** Adds an annotation and returns its ID within the view. */
  add(type: keyof typeof PREFIXES, properties: Readonly<Record<string, unknown>>): string {
    const count = (this.#counts.get(type) ?? 0) + 1;
    this.#counts.set(type, count);
    const id = `${PREFIXES[type]}_${count}`;
    this.annotations.push({ '@type': TYPES[type], properties: { ...properties, id } });
    return id;
  }
}
