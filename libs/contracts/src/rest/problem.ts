import { z } from 'zod';

/** An error over HTTP (RFC 9457); `type` is stable, `detail` states what to do. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  /** Repeats the `X-Request-Id` header, which identifies the request in the logs. */
  requestId: z.string().optional(),
  /** For an invalid request: the place and the reason of each error. */
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});
export type Problem = z.infer<typeof problemSchema>;

/** Path of a problem's type, such as `/problems/unknown-batch`. */
export const problemType = (name: string) => `/problems/${name}`;
