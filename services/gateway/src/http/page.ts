import { z } from 'zod';
import { MAX_PAGE_ROWS, type Page, queryInteger } from '#libs/contracts';
import type { PageRange } from '#libs/database';
import { ProblemError } from './problem-error.js';

const DEFAULT_ROWS = 50;

/** Query parameters of every list. */
export const pageQuerySchema = z.strictObject({
  cursor: z.string().max(500).optional().meta({ description: '`next` of the previous page. Default: the first page.' }),
  limit: queryInteger(1, MAX_PAGE_ROWS)
    .default(DEFAULT_ROWS)
    .meta({ description: `Rows per page; ${MAX_PAGE_ROWS} is the maximum.` }),
});
export type PageQuery = z.infer<typeof pageQuerySchema>;

/** Largest value of a Postgres integer. */
const MAX_INTEGER = 2 ** 31 - 1;
const cursorSchema = z.tuple([z.string(), z.int().nonnegative()]);

/**
 * The rows of the requested page, and one more, which shows whether another page follows. A cursor contains the name of
 * its list; that of another list is refused. `maxKey`: the largest key that the list can have.
 */
export function sliceOf(list: string, { cursor, limit }: PageQuery, maxKey = MAX_INTEGER): PageRange {
  return { after: cursor === undefined ? null : readCursor(list, cursor, maxKey), limit: limit + 1 };
}

/** One page of the rows that were read with `sliceOf`; `keyOf` returns the key by which the list is ordered. */
export function pageOfRows<Item>(
  list: string,
  items: readonly Item[],
  { limit }: PageQuery,
  keyOf: (item: Item) => number,
): Page<Item> {
  const shown = items.slice(0, limit);
  const last = shown.at(-1);
  const next = items.length > limit && last !== undefined ? writeCursor(list, keyOf(last)) : null;
  return { items: shown, next };
}

const writeCursor = (list: string, key: number): string =>
  Buffer.from(JSON.stringify([list, key])).toString('base64url');

function readCursor(list: string, cursor: string, maxKey: number): number {
  const parsed = cursorSchema.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString()));
  if (parsed.success && parsed.data[0] === list && parsed.data[1] <= maxKey) return parsed.data[1];
  throw new ProblemError(
    400,
    'invalid-cursor',
    'The cursor belongs to another list',
    'Request the first page without a cursor, and use "next" of this list for the following pages.',
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
