import { isAtLeast } from '../metadata/mmif-version.js';
import { isMap, type ParameterScalar, type ParameterValue, type ParameterValues } from './parameter-value.js';

/** gunicorn takes request lines of up to 4094 bytes; path, method and version need their share. */
const MAX_QUERY_BYTES = 3500;
/** clams-python 1.6.0 brought the envelope together with MMIF 1.1.1; metadata tells no SDK version. */
const FIRST_WITH_ENVELOPE = '1.1.1';

/** What goes over the line: a query (empty or beginning with `?`) and the parts of the body, the document unchanged in it. */
export interface EncodedCall {
  readonly query: string;
  readonly body: readonly Uint8Array[];
}

/** The parameters cannot reach the app in any way it understands; the message says what to do. */
export class UnsendableParameters extends Error {
  override readonly name = 'UnsendableParameters';
}

const isTrue = (value: ParameterScalar): boolean => /^true$/i.test(String(value));
/** As Python's `str()` would write it; the SDK reads False only from `False`, `false`, `F`, `f` and `0`. */
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

/** Values of an envelope stay of their JSON type; what the user gave as the text of a truth value becomes one. */
const envelopeValue = (value: ParameterValue, type: string | undefined): unknown =>
  type === 'boolean' && !isMap(value) && !Array.isArray(value) ? isTrue(value as ParameterScalar) : value;

/**
 * How a call goes over the line: parameters in the query, or in the JSON envelope `{"parameters", "mmif"}` when the
 * query would be long and the app's MMIF version tells that its SDK knows the envelope. Throws UnsendableParameters
 * when neither will do.
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
      `The parameters take ${query.length} bytes; apps of this generation get at most ${MAX_QUERY_BYTES}: shorten them, or use a newer version of the app.`,
    );
  }
  const values = Object.entries(parameters).map(([name, value]) => [name, envelopeValue(value, declaredTypes[name])]);
  const text = new TextEncoder();
  const head = text.encode(`{"parameters":${JSON.stringify(Object.fromEntries(values))},"mmif":`);
  return { query: '', body: [head, document, text.encode('}')] };
}
