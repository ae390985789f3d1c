import { firstOf, type ImportResult } from '#libs/contracts';
import type { ImportEntry } from './import-entry.js';
import type { Finding } from './media-finder.js';

/** A registered media file. */
export interface KnownFile {
  readonly id: number;
  readonly guid: string;
  readonly path: string;
}

/** Context in which an entry is judged. */
export interface EntryContext {
  /** Earlier line with the same GUID. */
  readonly before: number | null;
  /** Registered media files with the same GUID in any spelling. */
  readonly known: readonly KnownFile[];
  /** The file found by path or name; null when the verdict does not depend on it. */
  readonly finding: Finding | null;
}

export interface Verdict {
  readonly result: ImportResult;
  readonly sentence: string;
  /** The registered media file of the entry. */
  readonly known: KnownFile | null;
}

const TITLE_LENGTH = 500;
const CELL_LENGTH = 10_000;
const NAMED_PATHS = 3;

const verdict = (result: ImportResult, sentence: string, known: KnownFile | null = null): Verdict => ({
  result,
  sentence,
  known,
});

/** The result of an entry and the sentence that explains it. */
export function judgeEntry(entry: ImportEntry, { before, known, finding }: EntryContext): Verdict {
  const fault = faultOf(entry);
  if (fault !== null) return verdict('doubtful', fault);
  const same = sameFile(entry, known);
  if (before !== null) return verdict('duplicate', `Line ${before} has the same GUID.`, same);
  if (known.length > 0 && !same) return verdict('doubtful', severalGuids(known));
  if (same) return judgeKnown(same, finding);
  return judgeFinding(finding!);
}

/** The registered file of an entry. When several spellings are registered, only an exact match counts. */
export function sameFile({ guid, given }: ImportEntry, known: readonly KnownFile[]): KnownFile | null {
  const exact = known.find((file) => file.guid === given) ?? known.find((file) => file.guid === guid);
  return exact ?? (known.length === 1 ? known[0]! : null);
}

function faultOf({ guid, title, metadata }: ImportEntry): string | null {
  if (guid === null)
    return 'The entry contains no valid GUID. A GUID has at most 128 characters: letters, digits, "-" and "_".';
  if (title.length > TITLE_LENGTH) return `The title has more than ${TITLE_LENGTH} characters. Shorten it.`;
  const long = Object.entries(metadata).find(([, value]) => value.length > CELL_LENGTH);
  return long ? `The value of "${long[0]}" has more than ${CELL_LENGTH} characters. Shorten it.` : null;
}

/** Without a finding, the entry does not contradict the registered path. */
function judgeKnown(file: KnownFile, finding: Finding | null): Verdict {
  if (finding === null || ('path' in finding && finding.path === file.path))
    return verdict('present', `Already registered as ${file.guid}.`, file);
  if (finding.found === 'nothing') return verdict('doubtful', `${registered(file)} ${finding.sentence}`, file);
  return verdict('doubtful', `${registered(file)} If the file has moved, change the registered path.`, file);
}

const registered = ({ guid, path }: KnownFile): string => `${guid} is already registered with the file ${path}.`;

function judgeFinding(finding: Finding): Verdict {
  switch (finding.found) {
    case 'media':
      return verdict('added', `File: ${finding.path}.`);
    case 'other':
      return verdict('doubtful', `${finding.path} is not a recognised video or audio file.`);
    case 'several': {
      const named = firstOf(finding.paths, NAMED_PATHS);
      return verdict('doubtful', `Several files match: ${named}. Add the path of the correct one.`);
    }
    case 'nothing':
      return verdict('unknown', finding.sentence);
  }
}

const severalGuids = (known: readonly KnownFile[]): string =>
  `Several registered GUIDs match: ${known.map(({ guid }) => guid).join(', ')}. Use the exact spelling of one of them.`;
