import { firstOf, type ImportResult } from '#libs/contracts';
import type { ImportEntry } from './import-entry.js';
import type { Finding } from './media-finder.js';

/** A media file that is registered already. */
export interface KnownFile {
  readonly id: number;
  readonly guid: string;
  readonly path: string;
}

/** What is known of an entry when it is judged. */
export interface EntryFacts {
  /** Line that has named the same GUID before. */
  readonly before: number | null;
  /** Registered media files whose GUID is another spelling of the same. */
  readonly known: readonly KnownFile[];
  /** What its path or its name leads to; null when nobody had to look. */
  readonly finding: Finding | null;
}

export interface Verdict {
  readonly result: ImportResult;
  readonly sentence: string;
  /** The media file that it names. */
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

/** What an import does with an entry, and why. */
export function judgeEntry(entry: ImportEntry, { before, known, finding }: EntryFacts): Verdict {
  const fault = faultOf(entry);
  if (fault !== null) return verdict('doubtful', fault);
  const same = sameFile(entry, known);
  if (before !== null) return verdict('duplicate', `Line ${before} names the same GUID.`, same);
  if (known.length > 0 && !same) return verdict('doubtful', severalGuids(known));
  if (same) return judgeKnown(same, finding);
  return judgeFinding(finding!);
}

/** The one registered file that an entry means; with several spellings registered, only the very same one. */
export function sameFile({ guid, given }: ImportEntry, known: readonly KnownFile[]): KnownFile | null {
  const exact = known.find((file) => file.guid === given) ?? known.find((file) => file.guid === guid);
  return exact ?? (known.length === 1 ? known[0]! : null);
}

function faultOf({ guid, title, metadata }: ImportEntry): string | null {
  if (guid === null)
    return 'There is no GUID here. A GUID has letters, digits, "-" and "_" only, and 128 of them at most.';
  if (title.length > TITLE_LENGTH) return `Its title has more than ${TITLE_LENGTH} letters. Shorten it.`;
  const long = Object.entries(metadata).find(([, value]) => value.length > CELL_LENGTH);
  return long ? `Its "${long[0]}" has more than ${CELL_LENGTH} letters. Shorten it.` : null;
}

/** Without a finding, nobody has said where the file is: it stays where it is. */
function judgeKnown(file: KnownFile, finding: Finding | null): Verdict {
  if (finding === null || ('path' in finding && finding.path === file.path))
    return verdict('present', `It is registered already, as ${file.guid}.`, file);
  if (finding.found === 'nothing') return verdict('doubtful', `${registered(file)} ${finding.sentence}`, file);
  return verdict('doubtful', `${registered(file)} Change its path there if it has moved.`, file);
}

const registered = ({ guid, path }: KnownFile): string => `${guid} is registered with another file, ${path}.`;

function judgeFinding(finding: Finding): Verdict {
  switch (finding.found) {
    case 'media':
      return verdict('added', `Its file is ${finding.path}.`);
    case 'other':
      return verdict('doubtful', `Name or content of ${finding.path} is of no video or audio format known here.`);
    case 'several': {
      const named = firstOf(finding.paths, NAMED_PATHS);
      return verdict('doubtful', `Several files could be meant: ${named}. Give the path of the right one.`);
    }
    case 'nothing':
      return verdict('unknown', finding.sentence);
  }
}

const severalGuids = (known: readonly KnownFile[]): string =>
  `Several registered GUIDs could be meant: ${known.map(({ guid }) => guid).join(', ')}. Write the right one exactly.`;
