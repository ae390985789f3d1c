import { z } from 'zod';

/** An error over HTTP (RFC 9457); `type` is stable, `detail` says what to do. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  /** Repeats the `X-Request-Id` header, for finding the request in the logs. */
  requestId: z.string().optional(),
  /** For a body that does not fit: where, and why. */
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});
export type Problem = z.infer<typeof problemSchema>;

/** Path of a problem's type, such as `/problems/unknown-batch`. */
export const problemType = (name: string) => `/problems/${name}`;

/** One page of a list; `next` is the cursor of the following page. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), next: z.string().nullable() });
export interface Page<Item> {
  items: Item[];
  next: string | null;
}
/** No list returns more rows than this. */
export const MAX_PAGE_ROWS = 200;
