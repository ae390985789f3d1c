import { MmifError } from './mmif-error.js';

/** Making one takes longer than decoding a small document. */
const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** A JSON object whose members have not been looked at. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Tells objects from lists, null and simple values. */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A member of an object by its name; what the object inherits, such as `constructor`, is no member. */
export const member = (object: JsonObject, name: string): unknown =>
  Object.hasOwn(object, name) ? object[name] : undefined;

/** Parses JSON, bytes as UTF-8; throws MmifError with the place that is wrong. */
export function parseJson(document: Uint8Array | string): unknown {
  try {
    return JSON.parse(typeof document === 'string' ? document : UTF8.decode(document));
  } catch (error) {
    throw new MmifError(`The text is no JSON: ${(error as Error).message}`, { cause: error });
  }
}
