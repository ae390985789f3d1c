/** Rows behind the cursor that are read before a text is looked up in its index: most searches fill a page there. */
const NEAR = 2000;
/** The same when a page is begun there. */
const FAR = 10 * NEAR;
/** That part of a page has begun it. */
const BEGUN = 0.1;
/** Media files that the index may find for their rows to be looked up one by one and put in order. */
const FEW = 20_000;

/** Where the rows of a page are looked for; by default among all. */
export interface Scope {
  /** Only so far behind the cursor. */
  readonly within?: number;
  /** Only of these media files, which are known to fit the text. */
  readonly files?: readonly string[];
}

/** A search for a page of rows, in order. */
export interface TextSearch<Row> {
  /** What `like` has to find; none: everything fits. */
  readonly patterns: readonly string[];
  readonly limit: number;
  page(scope: Scope): Promise<Row[]>;
  /** How far behind the cursor the last row is. */
  length(): Promise<number>;
  /** Media files that fit the patterns, in any order. */
  files(most: number): Promise<string[]>;
}

/**
 * Finds a page without reading a whole batch or archive for a text that is rare there, nor putting in order all that fits
 * one which is common. Only what is common everywhere else, or is no text of the index, is looked for row by row.
 */
export async function searchPage<Row>({ patterns, limit, page, length, files }: TextSearch<Row>): Promise<Row[]> {
  if (patterns.length === 0) return page({});
  let rows = await page({ within: NEAR });
  if (rows.length >= limit) return rows;
  const end = await length();
  if (end <= NEAR) return rows;
  if (rows.length >= limit * BEGUN) {
    rows = await page({ within: FAR });
    if (rows.length >= limit || end <= FAR) return rows;
  }
  if (!isIndexed(patterns)) return page({});
  const found = await files(FEW + 1);
  return page(found.length > FEW ? {} : { files: found });
}

/** The index has pieces of three letters, of which two may be blanks before a word; without one it is read as a whole. */
const isIndexed = (patterns: readonly string[]): boolean =>
  patterns.some((pattern) => /[\p{L}\p{N}]{3}| [\p{L}\p{N}]/u.test(pattern));

/** Text as GUID and title are searched, with what means something to `like` taken literally. */
export const literal = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[_/]/g, '-')
    .replaceAll(/[\\%]/g, String.raw`\$&`);
