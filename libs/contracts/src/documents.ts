import { z } from 'zod';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** Where a stage message or an event carries its MMIF: behind its first line, or in the documents bucket. */
export const documentRefSchema = z.union([
  z.strictObject({ inline: z.literal(true), sha256, bytes: z.int().nonnegative() }),
  z.strictObject({
    /** Object name in the documents bucket: `<batch>/<run>/<index>/<random>`. */
    key: z.string().min(1),
    /** Of the document itself, before compression. */
    sha256,
    /** Size of the document itself, before compression. */
    bytes: z.int().nonnegative(),
    encoding: z.enum(['gzip', 'identity']),
  }),
]);
export type DocumentRef = z.infer<typeof documentRefSchema>;
