import { readGuid } from '../media-files/guid.js';

/** One media file that a list names. */
export interface ImportEntry {
  /** Line of the text, or position in the list, from 1. */
  readonly line: number;
  readonly given: string;
  /** As it was understood; null when it is none. */
  readonly guid: string | null;
  /** Empty: nothing is said of it. */
  readonly title: string;
  /** Null: the file is looked for by its name. */
  readonly path: string | null;
  readonly metadata: Readonly<Record<string, string>>;
}

/** The report repeats no more than this of what was given. */
const GIVEN_LENGTH = 300;
const NOTHING: Readonly<Record<string, string>> = {};

/** An entry of a GUID and what else is said of it; without a GUID, the name of its file gives it. */
export function importEntry(
  line: number,
  given: string,
  { title = '', path = null, metadata = NOTHING }: Partial<Pick<ImportEntry, 'title' | 'path' | 'metadata'>> = {},
): ImportEntry {
  const guid = readGuid(given) ?? (path ? readGuid(path) : null);
  return { line, given: cut(given || (path ?? ''), GIVEN_LENGTH), guid, title, path, metadata };
}

/** The beginning of a text, without half of a letter at its end. */
export const cut = (text: string, length: number): string => text.slice(0, length).replace(/[\ud800-\udbff]$/, '');
