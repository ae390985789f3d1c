/** Rows after the cursor that are read before the index is used: they fill a page for most searches. */
const NEAR = 2000;
/** The same limit for a page that is partly filled. */
const FAR = 10 * NEAR;
/** Share of a page from which it counts as partly filled. */
const PARTLY_FILLED = 0.1;
/** Limit of index matches whose rows are looked up one by one and sorted. */
const FEW = 20_000;

/** Restriction of a search; default: all rows. */
export interface Scope {
  /** Only this number of rows after the cursor. */
  readonly within?: number;
  /** Only these media files, which match the text. */
  readonly files?: readonly string[];
}

/** A search for a page of rows, in order. */
export interface TextSearch<Row> {
  /** `like` patterns; empty: every row matches. */
  readonly patterns: readonly string[];
  readonly limit: number;
  page(scope: Scope): Promise<Row[]>;
  /** Distance of the last row from the cursor. */
  length(): Promise<number>;
  /** Media files that match the patterns, in any order. */
  files(most: number): Promise<string[]>;
}

/**
 * Finds a page without reading a whole batch or archive for a rare text, and without sorting all matches of a common
 * text. Only a text that is common elsewhere, or that the index cannot find, is searched row by row.
 */
export async function searchPage<Row>({ patterns, limit, page, length, files }: TextSearch<Row>): Promise<Row[]> {
  if (patterns.length === 0) return page({});
  let rows = await page({ within: NEAR });
  if (rows.length >= limit) return rows;
  const end = await length();
  if (end <= NEAR) return rows;
  if (rows.length >= limit * PARTLY_FILLED) {
    rows = await page({ within: FAR });
    if (rows.length >= limit || end <= FAR) return rows;
  }
  if (!isIndexed(patterns)) return page({});
  const found = await files(FEW + 1);
  return page(found.length > FEW ? {} : { files: found });
}

/**
 * The index contains trigrams, two of which may be blanks before a word; a pattern without a trigram scans the whole
 * index.
 */
const isIndexed = (patterns: readonly string[]): boolean =>
  patterns.some((pattern) => /[\p{L}\p{N}]{3}| [\p{L}\p{N}]/u.test(pattern));

/** Text in the form in which GUID and title are searched, with the special characters of `like` escaped. */
export const literal = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[_/]/g, '-')
    .replaceAll(/[\\%]/g, String.raw`\$&`);
