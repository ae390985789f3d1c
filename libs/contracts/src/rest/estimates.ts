import { z } from 'zod';

const percentilesSchema = z.object({ p50: z.number(), p90: z.number() });
/** As much as half of all need, and as much as nine of ten need. */
export type Percentiles = z.infer<typeof percentilesSchema>;

/** Answer of `GET /api/batches/{id}/estimate`: what is still to do, in seconds of work, hours of media and money. */
export const batchEstimateSchema = z.object({
  batch: z.int(),
  /** Files that are not done yet. */
  files: z.int(),
  /** Those of them that need no app, because earlier runs have come to all of it. */
  reused: z.int(),
  /** Of the files whose duration is known; null: of none. */
  mediaHours: z.number().nullable(),
  unknownDurations: z.int(),
  /** What the first stage is given: how many files have such a document, and which have none. */
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
      /** Runs for which it is taken over of earlier ones. */
      reused: z.int(),
      /** Work of the app, by how long it took lately; null: it has no history. */
      seconds: percentilesSchema.nullable(),
      /** Whether workers serve it; null: nobody knows. */
      alive: z.boolean().nullable(),
    }),
  ),
  /** From start to end when nothing else runs; null: an app has no history. */
  seconds: percentilesSchema.nullable(),
  /** By the prices per hour of the apps; null: none has one, or how long they work is not known. */
  cost: percentilesSchema.nullable(),
  /** What is in the way; nothing of it forbids to start. */
  warnings: z.array(z.string()),
  sentence: z.string(),
});
export type BatchEstimate = z.infer<typeof batchEstimateSchema>;

/** When a running batch will be finished, by what the last minutes have come to. */
export const etaSchema = z.object({
  /** From now; null: it is stalled. */
  seconds: percentilesSchema.nullable(),
  /** The same as times. */
  at: z.object({ p50: z.string(), p90: z.string() }).nullable(),
  /** Name of the app that decides. */
  stage: z.string().nullable(),
  /** Nothing has come to an end in the last minutes. */
  stalled: z.boolean(),
  sentence: z.string(),
});
export type Eta = z.infer<typeof etaSchema>;

/** Hours of media of a batch, as far as the durations of its files are known. */
export const mediaHoursSchema = z.object({ total: z.number(), done: z.number(), unknownDurations: z.int() });
export type MediaHours = z.infer<typeof mediaHoursSchema>;
