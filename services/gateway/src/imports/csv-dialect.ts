import { cut } from './import-entry.js';

/** Delimiter and preamble of a table. */
export interface CsvDialect {
  readonly delimiter: string;
  /** Length of a first line that only names the delimiter (`sep=;`, written by Excel), in characters; 0 if there is none. */
  readonly preamble: number;
}

/** The first one wins when several occur equally often. */
const DELIMITERS = ['\t', ';', ','];

/** Detects the dialect of a table from its beginning. */
export function csvDialect(head: string): CsvDialect {
  const named = /^sep=(.)(?:\r\n|\n|\r|$)/.exec(head);
  if (named) return { delimiter: named[1]!, preamble: named[0].length };
  const line = firstLine(head).replace(/"[^"]*"/g, '');
  const counts = DELIMITERS.map((delimiter) => line.split(delimiter).length - 1);
  const most = Math.max(...counts);
  return { delimiter: most === 0 ? ',' : DELIMITERS[counts.indexOf(most)]!, preamble: 0 };
}

const firstLine = (head: string): string => /[\r\n\s]*((?:"[^"]*"|[^"\r\n])*)/.exec(head)![1]!;

/** Meaning of each column; all columns without a meaning here become metadata. */
export interface CsvColumns {
  /** False when the first line is an entry. */
  readonly hasHeader: boolean;
  readonly guid: number;
  readonly title: number | null;
  readonly path: number | null;
  /** Metadata names of the other columns, by position; null for columns without a name. */
  readonly metadata: readonly (string | null)[];
}

/** Headers reduced to letters and digits, the most likely first. */
const GUID_HEADERS =
  'guid guids aapbguid mediaguid aapbid aapbids assetid assetids cpbaacip pbcoreidentifier pbcoreid mediaid asset identifier itemid id'.split(
    ' ',
  );
const TITLE_HEADERS = 'title titles assettitle fulltitle programtitle'.split(' ');
const PATH_HEADERS = 'path filepath mediapath file filename mediafile mediafilename location'.split(' ');
/** Text that is a GUID even without a header. */
const CERTAIN_GUID = /cpb[-_]?aacip/i;
const HEADER_LENGTH = 200;

/** Derives the columns of a table from its first record; null when no column can contain GUIDs. */
export function csvColumns(first: readonly string[]): CsvColumns | null {
  const normalized = first.map((header) => header.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, ''));
  const [guid, title, path] = [GUID_HEADERS, TITLE_HEADERS, PATH_HEADERS].map((names) => {
    return names.map((name) => normalized.indexOf(name)).find((index) => index >= 0);
  });
  if (guid !== undefined)
    return {
      hasHeader: true,
      guid,
      title: title ?? null,
      path: path ?? null,
      metadata: metadataNames(first, [guid, title, path]),
    };
  const certainColumn = first.findIndex((cell) => CERTAIN_GUID.test(cell));
  const column = first.length === 1 ? 0 : certainColumn;
  if (column < 0) return null;
  const numbered = first.map((_, index) => (index === column ? null : `Column ${index + 1}`));
  return { hasHeader: false, guid: column, title: null, path: null, metadata: numbered };
}

/** Headers of the metadata columns; a repeated header gets a number. */
function metadataNames(headers: readonly string[], used: readonly (number | undefined)[]): (string | null)[] {
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

/** A cell without surrounding spaces and without `="…"`, which prevents Excel from reading text as a number. */
export function cellText(cell: string): string {
  const text = cell.trim();
  return /^="(.*)"$/s.exec(text)?.[1]!.trim() ?? text;
}
