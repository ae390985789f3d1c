import { z } from 'zod';

const percentilesSchema = z.object({ p50: z.number(), p90: z.number() });
/** The median and the 90th percentile. */
export type Percentiles = z.infer<typeof percentilesSchema>;

/** Answer of `GET /api/batches/{id}/estimate`: the remaining work in seconds, hours of media and money. */
export const batchEstimateSchema = z.object({
  batch: z.int(),
  /** Files that are not done yet. */
  files: z.int(),
  /** Files that need no app, because all their stages can be reused from earlier runs. */
  reused: z.int(),
  /** Only files with a known duration; null: none is known. */
  mediaHours: z.number().nullable(),
  unknownDurations: z.int(),
  /** Input of the first stage: how many files have such a document, and which have none. */
  input: z.object({
    kind: z.enum(['source', 'latest', 'stage']),
    found: z.int(),
    missing: z.object({ count: z.int(), guids: z.array(z.string()) }),
  }),
  stages: z.array(
    z.object({
      index: z.int(),
      app: z.string(),
      name: z.string(),
      runs: z.int(),
      /** Runs that reuse this stage from earlier runs. */
      reused: z.int(),
      /** Work of the app, estimated from its recent runs; null: the app has no history. */
      seconds: percentilesSchema.nullable(),
      /** Whether a running worker serves it; null: unknown. */
      alive: z.boolean().nullable(),
    }),
  ),
  /** From start to end if no other batch runs; null: an app has no history. */
  seconds: percentilesSchema.nullable(),
  /** Calculated from the hourly prices of the apps; null: no prices are set, or the work is unknown. */
  cost: percentilesSchema.nullable(),
  /** Problems that may delay the batch but do not prevent its start. */
  warnings: z.array(z.string()),
  sentence: z.string(),
});
export type BatchEstimate = z.infer<typeof batchEstimateSchema>;

/** When a running batch will finish, estimated from the progress of the last minutes. */
export const etaSchema = z.object({
  /** Remaining seconds; null: stalled. */
  seconds: percentilesSchema.nullable(),
  /** The same as points in time. */
  at: z.object({ p50: z.string(), p90: z.string() }).nullable(),
  /** Name of the app that determines the estimate. */
  stage: z.string().nullable(),
  /** No file has finished in the last minutes. */
  stalled: z.boolean(),
  sentence: z.string(),
});
export type Eta = z.infer<typeof etaSchema>;

/** Hours of media of a batch; only files with a known duration count. */
export const mediaHoursSchema = z.object({ total: z.number(), done: z.number(), unknownDurations: z.int() });
export type MediaHours = z.infer<typeof mediaHoursSchema>;
