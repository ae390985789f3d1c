import { z } from 'zod';

const MAX_BIGINT = 2n ** 63n - 1n;

/** Query parameters of every resource that is read from the document of a stage. */
export const documentQuerySchema = z.strictObject({
  attempt: z
    .string()
    .regex(/^\d{1,9}-\d{1,19}$/, 'expected an attempt as in the list of attempts, <generation>-<root>')
    .transform((text) => ({ generation: Number.parseInt(text, 10), root: text.slice(text.indexOf('-') + 1) }))
    .refine(({ root }) => BigInt(root) <= MAX_BIGINT, {
      message: 'expected an attempt as in the list of attempts, <generation>-<root>',
    })
    .optional()
    .meta({ description: 'Attempt whose document is meant, named as in the list of attempts. Default: the newest.' }),
});
export type DocumentQuery = z.output<typeof documentQuerySchema>;
