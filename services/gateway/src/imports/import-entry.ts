import { readGuid } from '../media-files/guid.js';

/** One media file that a list names. */
export interface ImportEntry {
  /** Line of the text, or position in the list, from 1. */
  readonly line: number;
  readonly given: string;
  /** The GUID in canonical spelling; null when the entry has none. */
  readonly guid: string | null;
  /** Empty when the list has none. */
  readonly title: string;
  /** Null when the file is to be found by its name. */
  readonly path: string | null;
  readonly metadata: Readonly<Record<string, string>>;
}

/** The report quotes at most this many characters of an entry. */
const GIVEN_LENGTH = 300;
const NO_METADATA: Readonly<Record<string, string>> = {};

/** Builds an entry; when `given` contains no GUID, the GUID is taken from the path. */
export function importEntry(
  line: number,
  given: string,
  { title = '', path = null, metadata = NO_METADATA }: Partial<Pick<ImportEntry, 'title' | 'path' | 'metadata'>> = {},
): ImportEntry {
  const guid = readGuid(given) ?? (path ? readGuid(path) : null);
  return { line, given: cut(given || (path ?? ''), GIVEN_LENGTH), guid, title, path, metadata };
}

/** The first `length` characters of a text, without splitting a surrogate pair. */
export const cut = (text: string, length: number): string => text.slice(0, length).replace(/[\ud800-\udbff]$/, '');
