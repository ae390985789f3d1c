import { z } from 'zod';

/** Item of `GET /api/actions`: a command that was done. What was refused, tried only, or done before is not kept. */
export const actionSchema = z.object({
  id: z.int(),
  at: z.string(),
  /** Who gave it. */
  actor: z.string(),
  /** What was done, as `start-batch`; `replay` is a retry. */
  verb: z.string(),
  /** What was asked for. */
  request: z.record(z.string(), z.unknown()).meta({ examples: [{ batch: 7, trial: 10 }] }),
  /** What came of it. */
  answer: z.record(z.string(), z.unknown()).meta({ examples: [{ result: 'started' }] }),
  /** Batches that it has changed, also when they are deleted by now. */
  batches: z.array(z.int()),
});
export type ActionView = z.infer<typeof actionSchema>;
