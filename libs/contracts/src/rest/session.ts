import { z } from 'zod';

/** Answer of `GET /api/session`: the signed-in user and the version of Chowda. */
export const sessionSchema = z.object({ actor: z.string(), version: z.string() });
export type Session = z.infer<typeof sessionSchema>;
