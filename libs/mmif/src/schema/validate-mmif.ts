import type { ValidateFunction } from 'ajv';
import draft04 from 'ajv-draft-04';
import formats from 'ajv-formats';
import { MmifError, parseJson } from '../model/json.js';
import { MMIF_SCHEMA } from './mmif-schema.js';
import { errorSentences } from './schema-errors.js';

/** Further errors would only repeat the cause. */
export const MAX_SCHEMA_ERRORS = 20;

interface Validators {
  readonly document: ValidateFunction;
  readonly annotation: ValidateFunction;
}

let compiled: Validators | undefined;

/**
 * Compiled on first use: compiling is slow, and it evaluates generated code, which a strict content security policy
 * forbids in pages.
 */
function validators(): Validators {
  if (compiled) return compiled;
  // The schema has keywords without effect (`minLength` of lists); `verbose` adds the invalid value to each error.
  const ajv = new draft04.default({ allErrors: true, strict: false, verbose: true });
  formats.default(ajv, ['uri']);
  // Apps write local time without a zone, as Python's `isoformat` does.
  ajv.addFormat('date-time', formats.default.get('iso-date-time'));
  ajv.addSchema(MMIF_SCHEMA, 'mmif');
  compiled = {
    document: ajv.getSchema('mmif')! as ValidateFunction,
    annotation: ajv.getSchema('mmif#/definitions/annotation')! as ValidateFunction,
  };
  return compiled;
}

/** Violations of the MMIF schema in a parsed JSON value; see `validateMmif`. */
export function schemaErrors(json: unknown): string[] {
  const { document: validate } = validators();
  return validate(json) ? [] : errorSentences(validate.errors ?? []).slice(0, MAX_SCHEMA_ERRORS);
}

/** Whether a value is an annotation according to the MMIF schema. */
export const isValidAnnotation = (value: unknown): boolean => validators().annotation(value);

/**
 * Validates a document: returns at most 20 sentences about violations of JSON or of the MMIF schema, each beginning
 * with the place, such as `views[1].metadata: …`; none for a valid document.
 */
export function validateMmif(document: Uint8Array | string): string[] {
  try {
    return schemaErrors(parseJson(document));
  } catch (error) {
    if (error instanceof MmifError) return [error.message];
    throw error;
  }
}
