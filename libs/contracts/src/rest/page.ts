import { z } from 'zod';

/** One page of a list; `next` is the cursor of the following page, null on the last one. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), next: z.string().nullable() });
export interface Page<Item> {
  items: Item[];
  next: string | null;
}
/** Largest number of rows in a page. */
export const MAX_PAGE_ROWS = 200;
