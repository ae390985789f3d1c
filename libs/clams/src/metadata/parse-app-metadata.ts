import { AppMetadataError } from './app-metadata.js';

const UNSAFE_DIGITS = 16;

/**
 * Puts integers beyond 2^53 in quotes, except inside strings: some apps have `sys.maxsize` as a default, which JSON.parse
 * would round to 9223372036854776000.
 */
function quoteUnsafeIntegers(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (token) => {
    const isInteger = /^-?\d+$/.test(token);
    return isInteger && token.length >= UNSAFE_DIGITS && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token;
  });
}

/** Parses the text of an app's metadata; integers beyond 2^53 become strings. Throws AppMetadataError. */
export function parseAppMetadata(text: string): unknown {
  try {
    return JSON.parse(quoteUnsafeIntegers(text));
  } catch (error) {
    const what = /^\s*</.test(text) ? 'a web page' : 'text that is not valid JSON';
    throw new AppMetadataError(`it answered with ${what}`, { cause: error });
  }
}
