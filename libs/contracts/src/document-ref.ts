import { z } from 'zod';
import { messageObject } from './version.js';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** Where the MMIF of a stage message or an event is: after its first line, or in the documents bucket (claim check). */
export const documentRefSchema = z.union([
  messageObject({ inline: z.literal(true), sha256, bytes: z.int().nonnegative() }),
  messageObject({
    /** Object name in the documents bucket: `<batch>/<run>/<index>/<random>`. */
    key: z.string().min(1),
    /** Hash of the document before compression. */
    sha256,
    /** Size of the document before compression. */
    bytes: z.int().nonnegative(),
    encoding: z.enum(['gzip', 'identity']),
  }),
]);
export type DocumentRef = z.infer<typeof documentRefSchema>;
