import { z } from 'zod';
import { batchSummarySchema } from '../live.js';
import { STAGE_MARKS } from '../marks.js';
import { OUTCOMES } from '../outcome.js';
import { RUN_STATES, STAGE_STATES } from '../states.js';
import { etaSchema, mediaHoursSchema } from './estimates.js';
import { inputChoiceSchema } from './new-batch.js';

export const batchSchema = z.object({
  id: z.int(),
  name: z.string(),
  pipeline: z.object({ id: z.int(), name: z.string(), version: z.int() }),
  files: z.int(),
  createdBy: z.string(),
  createdAt: z.string(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  startedBy: z.string().nullable().optional(),
  /** Share of the apps that it gets beside other batches; 100 is usual. */
  weight: z.int().optional(),
  archived: z.boolean().optional(),
  /** What its first stage is given. */
  input: inputChoiceSchema.optional(),
  /** Its runs take over what earlier runs of the same files have come to. */
  reuse: z.boolean().optional(),
  /** Of a single batch that runs; null: nothing that can be said means anything yet. */
  eta: etaSchema.nullable().optional(),
  /** Of a single batch. */
  mediaHours: mediaHoursSchema.optional(),
  /** Of a draft that was just started: what it may have to wait for, such as an app that nobody serves. */
  warnings: z.array(z.string()).optional(),
  summary: batchSummarySchema,
});
export type BatchView = z.infer<typeof batchSchema>;

/** One row of `GET /api/batches/{id}/runs`. */
export const runRowSchema = z.object({
  id: z.int(),
  row: z.int(),
  guid: z.string(),
  title: z.string(),
  state: z.enum(RUN_STATES),
  /** State of each stage, in order. */
  stages: z.array(z.enum(STAGE_STATES)),
  /** Mark of each stage, in order. */
  marks: z.array(z.enum(STAGE_MARKS).nullable()).optional(),
  /** The stage that comes next, or at which it ended; the number of stages when it is done. */
  stage: z.int().optional(),
  /** Why it failed. */
  sentence: z.string().nullable(),
});
export type RunRow = z.infer<typeof runRowSchema>;

export const stageRunSchema = z.object({
  index: z.int(),
  app: z.string(),
  name: z.string(),
  state: z.enum(STAGE_STATES),
  /** Id of the run of which it was taken over; absent: it was not. */
  reusedFrom: z.int().optional(),
  /** Why its run did not come to it, in a sentence; absent: it did, or may still. */
  notReached: z.string().optional(),
  outcome: z.enum(OUTCOMES).nullable(),
  sentence: z.string().nullable(),
  nextAction: z.string().nullable(),
  fingerprint: z.string().nullable(),
  trace: z.string().nullable(),
  httpStatus: z.int().nullable(),
  generation: z.int(),
  calls: z.int(),
  worker: z.string().nullable(),
  queuedAt: z.string().nullable(),
  startedAt: z.string().nullable(),
  settledAt: z.string().nullable(),
  seconds: z.number().nullable(),
  /** New annotations by short type. */
  annotations: z.record(z.string(), z.int()),
  warnings: z.array(z.string()),
  /** Warnings of the SDK about itself. */
  notices: z.array(z.string()),
  /** What to look at although the stage is done. */
  mark: z.enum(STAGE_MARKS).nullable(),
  /** When a stage in state `retrying` is tried again. */
  retryAt: z.string().nullable(),
  /** Seconds the app says it ran. */
  runningSeconds: z.number().nullable(),
  /** How far annotations reach into the media, in milliseconds; `gap` is "covers 5 of 31 min" when it is clearly less. */
  coverage: z.object({ covered: z.number(), of: z.number(), gap: z.string().nullable() }).nullable(),
  document: z.object({ sha256: z.string(), bytes: z.int(), url: z.string() }).nullable(),
});
export type StageRunView = z.infer<typeof stageRunSchema>;

/** Answer of `GET /api/runs/{id}`. */
export const runSchema = z.object({
  id: z.int(),
  batch: z.int(),
  row: z.int(),
  guid: z.string(),
  title: z.string(),
  state: z.enum(RUN_STATES),
  generation: z.int(),
  stages: z.array(stageRunSchema),
});
export type RunView = z.infer<typeof runSchema>;

/** Header of the cells snapshot that tells its batch version. */
export const CELLS_VERSION_HEADER = 'X-Version';

/** Answer of `GET /api/session`. */
export const sessionSchema = z.object({ actor: z.string(), version: z.string() });
export type Session = z.infer<typeof sessionSchema>;
