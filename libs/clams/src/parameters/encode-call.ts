import { isAtLeast } from '../metadata/mmif-version.js';
import { isMap, type ParameterScalar, type ParameterValue, type ParameterValues } from './parameter-value.js';

/** gunicorn accepts request lines of up to 4094 bytes, which include path, method and version. */
const MAX_QUERY_BYTES = 3500;
/** clams-python 1.6.0 introduced the envelope together with MMIF 1.1.1; metadata does not contain the SDK version. */
const FIRST_WITH_ENVELOPE = '1.1.1';

/** An encoded call: the query (empty or beginning with `?`), and the parts of the body, with the unchanged document. */
export interface EncodedCall {
  readonly query: string;
  readonly body: readonly Uint8Array[];
}

/** The parameters cannot be sent in any form that the app understands; the message states what to do. */
export class UnsendableParameters extends Error {
  override readonly name = 'UnsendableParameters';
}

const isTrue = (value: ParameterScalar): boolean => /^true$/i.test(String(value));

/** As Python's `str()` writes it; the SDK reads False only from `False`, `false`, `F`, `f` and `0`. */
const textOf = (value: ParameterScalar, type: string | undefined): string =>
  typeof value === 'boolean' || type === 'boolean' ? (isTrue(value) ? 'True' : 'False') : String(value);

function textsOf(value: ParameterValue, type: string | undefined): string[] {
  if (isMap(value)) return Object.entries(value).map(([key, item]) => `${key}:${textOf(item, undefined)}`);
  return [value].flat().map((item) => textOf(item as ParameterScalar, type));
}

function queryOf(parameters: ParameterValues, types: Readonly<Record<string, string>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    for (const text of textsOf(value, types[name])) query.append(name, text);
  }
  return query.toString();
}

/** Values in an envelope keep their JSON type, except that the text of a boolean becomes a boolean. */
const envelopeValue = (value: ParameterValue, type: string | undefined): unknown =>
  type === 'boolean' && !isMap(value) && !Array.isArray(value) ? isTrue(value as ParameterScalar) : value;

/**
 * Encodes a call: parameters in the query, or in the JSON envelope `{"parameters", "mmif"}` when the query would be too
 * long and the app's MMIF version shows that its SDK supports the envelope. Throws UnsendableParameters when neither is
 * possible.
 */
export function encodeCall(call: {
  readonly document: Uint8Array;
  readonly parameters: ParameterValues;
  readonly declaredTypes: Readonly<Record<string, string>>;
  readonly mmifVersion: string | null;
}): EncodedCall {
  const { document, parameters, declaredTypes, mmifVersion } = call;
  const query = queryOf(parameters, declaredTypes);
  if (query.length <= MAX_QUERY_BYTES) return { query: query === '' ? '' : `?${query}`, body: [document] };
  if (!isAtLeast(mmifVersion, FIRST_WITH_ENVELOPE)) {
    throw new UnsendableParameters(
      `The parameters take ${query.length} bytes, but this version of the app accepts at most ${MAX_QUERY_BYTES} bytes. Shorten them, or use a newer version of the app.`,
    );
  }
  const values = Object.entries(parameters).map(([name, value]) => [name, envelopeValue(value, declaredTypes[name])]);
  const text = new TextEncoder();
  const head = text.encode(`{"parameters":${JSON.stringify(Object.fromEntries(values))},"mmif":`);
  return { query: '', body: [head, document, text.encode('}')] };
}
