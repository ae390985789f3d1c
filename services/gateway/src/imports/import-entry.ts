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
const BARE: Pick<ImportEntry, 'title' | 'path' | 'metadata'> = { title: '', path: null, metadata: {} };

/** An entry of a GUID and what else is said of it; without a GUID, the name of its file gives it. */
export function importEntry(line: number, given: string, said: Partial<typeof BARE> = {}): ImportEntry {
  const guid = readGuid(given) ?? (said.path ? readGuid(said.path) : null);
  return { line, given: cut(given || (said.path ?? ''), GIVEN_LENGTH), guid, ...BARE, ...said };
}

/** The beginning of a text, without half of a letter at its end. */
export const cut = (text: string, length: number): string => text.slice(0, length).replace(/[\ud800-\udbff]$/, '');
