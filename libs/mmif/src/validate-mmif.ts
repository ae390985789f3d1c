import type { ValidateFunction } from 'ajv';
import draft04 from 'ajv-draft-04';
import formats from 'ajv-formats';
import { MmifError } from './mmif-error.js';
import { MMIF_SCHEMA } from './mmif-schema.js';
import { parseJson } from './parse-json.js';
import { complaintSentences } from './schema-complaint.js';

/** More would not be read. */
export const MOST_COMPLAINTS = 20;

interface Validators {
  readonly document: ValidateFunction;
  readonly annotation: ValidateFunction;
}

let compiled: Validators | undefined;

/**
 * Compiled at the first use: it takes time, and it makes code from text, which pages with a strict content security
 * policy forbid.
 */
function validators(): Validators {
  if (compiled) return compiled;
  // The schema has keywords without effect (`minLength` of lists); `verbose` gives complaints the value they are about.
  const ajv = new draft04.default({ allErrors: true, strict: false, verbose: true });
  formats.default(ajv, ['uri']);
  // Apps write local time without a zone, as Python's `isoformat` gives it.
  ajv.addFormat('date-time', formats.default.get('iso-date-time'));
  ajv.addSchema(MMIF_SCHEMA, 'mmif');
  compiled = {
    document: ajv.getSchema('mmif')! as ValidateFunction,
    annotation: ajv.getSchema('mmif#/definitions/annotation')! as ValidateFunction,
  };
  return compiled;
}

/** What the MMIF schema has against a parsed JSON value; see `validateMmif`. */
export function schemaComplaints(json: unknown): string[] {
  const { document: validate } = validators();
  return validate(json) ? [] : complaintSentences(validate.errors ?? []).slice(0, MOST_COMPLAINTS);
}

/** Whether the MMIF schema has nothing against a value as an annotation. */
export const isSoundAnnotation = (value: unknown): boolean => validators().annotation(value);

/**
 * What the MMIF schema, or JSON, has against a document: sentences that begin with the place, such as
 * `views[1].metadata: …`, at most 20; none when the document is valid.
 */
export function validateMmif(document: Uint8Array | string): string[] {
  try {
    return schemaComplaints(parseJson(document));
  } catch (error) {
    if (error instanceof MmifError) return [error.message];
    throw error;
  }
}
