import { annotationFault } from '../model/read-mmif.js';
import { isValidAnnotation, MAX_SCHEMA_ERRORS } from '../schema/validate-mmif.js';
import type { StreamedAnnotations } from './streamed-annotations.js';

/** Placeholder for annotations without schema errors. */
const VALID = { '@type': 'valid', properties: { id: 'valid' } };

/** What must be known about a list before its annotations are read. */
export interface InspectedList {
  readonly list: StreamedAnnotations;
  /** Position and fault of the first value that is not an annotation; null when all values are annotations. */
  readonly misfit: { readonly position: number; readonly fault: string } | null;
  /**
   * The list up to its last reported invalid annotation, with a valid placeholder for every valid one: it has the same
   * schema errors as the list, up to the number that is reported.
   */
  readonly sample: readonly unknown[];
}

/** Parses every value of a list once; throws what `JSON.parse` and decoding throw. */
export function inspectList(list: StreamedAnnotations): InspectedList {
  let misfit: InspectedList['misfit'] = null;
  const invalid = new Map<number, unknown>();
  let position = 0;
  for (const item of list.items()) {
    const fault = annotationFault(item);
    if (fault !== null) misfit ??= { position, fault };
    if (invalid.size < MAX_SCHEMA_ERRORS && !isValidAnnotation(item)) invalid.set(position, item);
    position += 1;
  }
  const length = Math.max(-1, ...invalid.keys()) + 1;
  return { list, misfit, sample: Array.from({ length }, (_, index) => invalid.get(index) ?? VALID) };
}
