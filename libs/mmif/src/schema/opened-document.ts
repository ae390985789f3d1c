import { parseJson } from '../model/json.js';
import type { AnnotationList, Mmif } from '../model/mmif.js';
import { mmifOf } from '../model/read-mmif.js';
import { schemaErrors } from './validate-mmif.js';

/** A document that was opened for a comparison. */
export interface OpenedDocument {
  readonly mmif: Mmif<AnnotationList>;
  /** Violations of the MMIF schema, as `validateMmif` returns them; validated on demand. */
  readonly schemaErrors: () => string[];
}

/** Parses a document as a whole, which takes about ten times its size; throws MmifError when it is not MMIF. */
export function openWhole(document: Uint8Array): OpenedDocument {
  const json = parseJson(document);
  return { mmif: mmifOf(json), schemaErrors: () => schemaErrors(json) };
}
