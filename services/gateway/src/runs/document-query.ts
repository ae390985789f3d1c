import { z } from 'zod';

const MAX_BIGINT = 2n ** 63n - 1n;

/** Query of everything that is read of a stage's document. */
export const documentQuerySchema = z.strictObject({
  /** Which try of the stage, as `<generation>-<root>`; default: the one that stands. */
  attempt: z
    .string()
    .regex(/^\d{1,9}-\d{1,19}$/, 'name a try as the list of attempts does')
    .transform((text) => ({ generation: Number.parseInt(text, 10), root: text.slice(text.indexOf('-') + 1) }))
    .refine(({ root }) => BigInt(root) <= MAX_BIGINT, { message: 'name a try as the list of attempts does' })
    .optional(),
});
export type DocumentQuery = z.output<typeof documentQuerySchema>;
