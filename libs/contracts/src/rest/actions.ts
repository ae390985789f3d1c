import { z } from 'zod';

/** Item of `GET /api/actions`: an executed command. Rejected commands, dry runs and repeats are not recorded. */
export const actionSchema = z.object({
  id: z.int(),
  at: z.string(),
  /** Person who sent the command. */
  actor: z.string(),
  /** Name of the command, such as `start-batch`; a retry is recorded as `replay`. */
  verb: z.string(),
  /** The request. */
  request: z.record(z.string(), z.unknown()).meta({ examples: [{ batch: 7, trial: 10 }] }),
  /** The result. */
  answer: z.record(z.string(), z.unknown()).meta({ examples: [{ result: 'started' }] }),
  /** Batches that the command changed, including batches deleted since. */
  batches: z.array(z.int()),
});
export type ActionView = z.infer<typeof actionSchema>;
