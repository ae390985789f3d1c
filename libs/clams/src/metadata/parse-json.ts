import { AppMetadataError } from './app-metadata.js';

const UNSAFE_DIGITS = 16;

/**
 * Integers beyond 2^53 as texts, outside of strings: some apps have `sys.maxsize` as a default, and JSON.parse
 * would give 9223372036854776000 for it.
 */
function quoteUnsafeIntegers(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (token) => {
    const isInteger = /^-?\d+$/.test(token);
    return isInteger && token.length >= UNSAFE_DIGITS && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token;
  });
}

/** Parses the text of an app's metadata, keeping integers that JavaScript cannot hold as texts; throws AppMetadataError. */
export function parseAppMetadata(text: string): unknown {
  try {
    return JSON.parse(quoteUnsafeIntegers(text));
  } catch (error) {
    const what = /^\s*</.test(text) ? 'a web page' : 'a text that is no JSON';
    throw new AppMetadataError(`it answered with ${what}`, { cause: error });
  }
}
