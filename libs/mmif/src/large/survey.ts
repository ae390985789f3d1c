import { annotationFault } from '../read-mmif.js';
import { isSoundAnnotation, MOST_COMPLAINTS } from '../validate-mmif.js';
import type { StreamedAnnotations } from './streamed-annotations.js';

/** Stands for annotations that the schema has nothing against. */
const SOUND = { '@type': 'sound', properties: { id: 'sound' } };

/** What must be known of a list before its annotations are read. */
export interface Survey {
  readonly list: StreamedAnnotations;
  /** Position of the first value that is no annotation, and why; null when all are. */
  readonly stranger: { readonly position: number; readonly fault: string } | null;
  /**
   * The beginning of the list as far as the schema may have something against it, with a sound annotation in the place
   * of all others: complaints about it are those about the list, up to as many as anybody reads.
   */
  readonly sample: readonly unknown[];
}

/** Parses all of a list once; throws what `JSON.parse` and decoding throw. */
export function survey(list: StreamedAnnotations): Survey {
  let stranger: Survey['stranger'] = null;
  const faulty = new Map<number, unknown>();
  let position = 0;
  for (const item of list.items()) {
    const fault = annotationFault(item);
    if (fault !== null) stranger ??= { position, fault };
    if (faulty.size < MOST_COMPLAINTS && !isSoundAnnotation(item)) faulty.set(position, item);
    position += 1;
  }
  const length = Math.max(-1, ...faulty.keys()) + 1;
  return { list, stranger, sample: Array.from({ length }, (_, index) => faulty.get(index) ?? SOUND) };
}
