import { z } from 'zod';
import { errorGroupSchema } from '../live.js';

/** One row of `GET /api/batches/{id}/errors`: a group of similar failures of one stage. */
export const errorGroupRowSchema = errorGroupSchema.extend({
  /** Name of the app. */
  name: z.string(),
  firstSeen: z.string(),
  lastSeen: z.string(),
  /** The worker on which all failures occurred; null: several workers, or unknown. */
  worker: z.string().nullable(),
  /** The first files of the group. */
  samples: z.array(z.object({ run: z.int(), guid: z.string() })),
});
export type ErrorGroupRow = z.infer<typeof errorGroupRowSchema>;

/** One failure of a group. */
export const failedRunSchema = z.object({
  run: z.int(),
  row: z.int(),
  guid: z.string(),
  title: z.string(),
  sentence: z.string().nullable(),
  worker: z.string().nullable(),
  httpStatus: z.int().nullable(),
  settledAt: z.string().nullable(),
});

/** Answer of `GET /api/batches/{id}/errors/{index}/{fingerprint}`. */
export const errorGroupDetailSchema = errorGroupRowSchema.extend({
  /** Trace of the first failure that has one. */
  trace: z.string().nullable(),
  /** The first failures of the group; the list of runs, filtered by fingerprint, returns all. */
  runs: z.array(failedRunSchema),
});
export type ErrorGroupDetail = z.infer<typeof errorGroupDetailSchema>;
