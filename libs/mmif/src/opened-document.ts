import type { AnnotationList, Mmif } from './model.js';
import { parseJson } from './parse-json.js';
import { mmifOf } from './read-mmif.js';
import { schemaComplaints } from './validate-mmif.js';

/** A document that was read for a comparison. */
export interface OpenedDocument {
  readonly mmif: Mmif<AnnotationList>;
  /** What the MMIF schema has against it; see `validateMmif`. */
  readonly complaints: () => string[];
}

/** Parses a document as a whole, which takes some ten times its bytes; throws MmifError when it is no MMIF. */
export function openWhole(document: Uint8Array): OpenedDocument {
  const json = parseJson(document);
  return { mmif: mmifOf(json), complaints: () => schemaComplaints(json) };
}
