/** The text is not a valid MMIF document; the message names the place and the fault. */
export class MmifError extends Error {
  override readonly name = 'MmifError';
}

/** Shared: creating a decoder takes longer than decoding a small document. */
const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** A JSON object with unchecked members. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** True for objects, false for lists, null and simple values. */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A member of an object by name; inherited members, such as `constructor`, are ignored. */
export const member = (object: JsonObject, name: string): unknown =>
  Object.hasOwn(object, name) ? object[name] : undefined;

/** Parses JSON, bytes as UTF-8; throws MmifError with the parser's message. */
export function parseJson(document: Uint8Array | string): unknown {
  try {
    return JSON.parse(typeof document === 'string' ? document : UTF8.decode(document));
  } catch (error) {
    throw new MmifError(`The text is not valid JSON: ${(error as Error).message}`, { cause: error });
  }
}
