import { cut } from './import-entry.js';

/** How a table is written. */
export interface CsvDialect {
  readonly delimiter: string;
  /** Length of a first line that only names the delimiter, as Excel writes it; 0 without one. */
  readonly preamble: number;
}

/** In this order when they occur equally often. */
const DELIMITERS = ['\t', ';', ','];

/** The dialect of a table that begins with these letters. */
export function csvDialect(head: string): CsvDialect {
  const named = /^sep=(.)(?:\r\n|\n|\r|$)/.exec(head);
  if (named) return { delimiter: named[1]!, preamble: named[0].length };
  const line = firstLine(head).replace(/"[^"]*"/g, '');
  const counts = DELIMITERS.map((delimiter) => line.split(delimiter).length - 1);
  const most = Math.max(...counts);
  return { delimiter: most === 0 ? ',' : DELIMITERS[counts.indexOf(most)]!, preamble: 0 };
}

const firstLine = (head: string): string => /^[\r\n\s]*((?:"[^"]*"|[^"\r\n])*)/.exec(head)![1]!;

/** Which column says what; those that are neither become metadata. */
export interface CsvColumns {
  /** False when the table has no line of headers: its first line is an entry. */
  readonly hasHeader: boolean;
  readonly guid: number;
  readonly title: number | null;
  readonly path: number | null;
  /** Names of the other columns, by position; null for those without a name. */
  readonly metadata: readonly (string | null)[];
}

/** Headers as letters and digits alone, the likeliest first. */
const GUID_HEADERS =
  'guid guids aapbguid mediaguid aapbid aapbids assetid assetids cpbaacip pbcoreidentifier pbcoreid mediaid asset identifier itemid id'.split(
    ' ',
  );
const TITLE_HEADERS = 'title titles assettitle fulltitle programtitle'.split(' ');
const PATH_HEADERS = 'path filepath mediapath file filename mediafile mediafilename location'.split(' ');
/** A GUID that needs no header to be known as one. */
const CERTAIN_GUID = /cpb[-_]?aacip/i;
const HEADER_LENGTH = 200;

/** The columns of a table by its first record; null when none of them can hold the GUID. */
export function csvColumns(first: readonly string[]): CsvColumns | null {
  const letters = first.map((header) => header.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, ''));
  const [guid, title, path] = [GUID_HEADERS, TITLE_HEADERS, PATH_HEADERS].map((names) => {
    const found = names.map((name) => letters.indexOf(name)).find((index) => index >= 0);
    return found ?? null;
  });
  if (guid !== null && guid !== undefined)
    return {
      hasHeader: true,
      guid,
      title: title ?? null,
      path: path ?? null,
      metadata: metadataNames(first, [guid, title, path]),
    };
  const certain = first.findIndex((cell) => CERTAIN_GUID.test(cell));
  const column = certain < 0 && first.length === 1 ? 0 : certain;
  if (column < 0) return null;
  const numbered = first.map((_, index) => (index === column ? null : `Column ${index + 1}`));
  return { hasHeader: false, guid: column, title: null, path: null, metadata: numbered };
}

/** Headers of columns that have no other use; of two alike, the second one is numbered. */
function metadataNames(headers: readonly string[], used: readonly (number | null | undefined)[]): (string | null)[] {
  const taken = new Set<string>();
  return headers.map((header, index) => {
    if (used.includes(index) || header === '') return null;
    const name = cut(header, HEADER_LENGTH - 10);
    let unique = name;
    for (let n = 2; taken.has(unique); n += 1) unique = `${name} (${n})`;
    taken.add(unique);
    return unique;
  });
}

/** A cell without blanks and without the `="…"` by which Excel keeps text from becoming a number. */
export function cellText(cell: string): string {
  const text = cell.trim();
  return /^="(.*)"$/s.exec(text)?.[1]!.trim() ?? text;
}
