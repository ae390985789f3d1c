import { z } from 'zod';
import { heldStageSchema } from './control.js';
import { STAGE_MARKS } from './marks.js';
import { OUTCOMES } from './outcome.js';
import { BATCH_STATES, RUN_STATES, STAGE_STATES } from './states.js';

/** Runs of a batch by state. */
export const runTotalsSchema = z.record(z.enum(RUN_STATES), z.int().nonnegative());
export type RunTotals = z.infer<typeof runTotalsSchema>;

/** Stage runs of one stage by state. */
export const stageCountsSchema = z.record(z.enum(STAGE_STATES), z.int().nonnegative());
export type StageCounts = z.infer<typeof stageCountsSchema>;

/** Done stage runs of one stage by mark. */
export const markCountsSchema = z.record(z.enum(STAGE_MARKS), z.int().nonnegative());
export type MarkCounts = z.infer<typeof markCountsSchema>;

/** Similar failures of one stage of one batch. */
export const errorGroupSchema = z.object({
  fingerprint: z.string(),
  index: z.int().nonnegative(),
  app: z.string(),
  outcome: z.enum(OUTCOMES),
  /** Sentence of the first failure. */
  sentence: z.string(),
  nextAction: z.string().nullable(),
  /** Files that failed, including those that are retried. */
  count: z.int().nonnegative(),
  /** How many of these files will be retried automatically. */
  retrying: z.int().nonnegative().optional(),
});
export type ErrorGroup = z.infer<typeof errorGroupSchema>;

/** The first files of a batch, which run before the others so that the user can check their results. */
export const trialSchema = z.object({
  /** Number of files. */
  files: z.int().positive(),
  done: z.int().nonnegative(),
  failed: z.int().nonnegative(),
  /** All its runs have ended: the other files run when the batch is started again. */
  ended: z.boolean(),
});
export type Trial = z.infer<typeof trialSchema>;

/** Why an unfinished batch, or a part of it, makes no progress. */
export const batchBlockSchema = z.object({
  /** From 0; null: the cause is not at one stage. */
  stage: z.int().nonnegative().nullable(),
  /** Slug of the app of that stage. */
  app: z.string().nullable(),
  reason: z.string(),
  since: z.string(),
  /** When it continues; null: unknown. */
  until: z.string().nullable(),
  /** What to do. */
  advice: z.string(),
});
export type BatchBlock = z.infer<typeof batchBlockSchema>;

/** State of a batch at one version. */
export const batchSummarySchema = z.object({
  batch: z.int().positive(),
  /** Raised in the transaction of every change; clients compare versions. */
  version: z.int().nonnegative(),
  name: z.string(),
  state: z.enum(BATCH_STATES),
  /** Who paused it, and when; absent: not paused. */
  paused: z.object({ by: z.string(), at: z.string() }).optional(),
  /** Stages at which it is held until a probe succeeds or a person resumes it; absent: none. */
  held: z.array(heldStageSchema).optional(),
  /** Why it makes no progress; absent: it does, or has ended. */
  blocked: batchBlockSchema.optional(),
  /** Only these files may run; absent: all may. */
  trial: trialSchema.optional(),
  runs: runTotalsSchema,
  stages: z.array(
    z.object({
      app: z.string(),
      name: z.string(),
      counts: stageCountsSchema,
      marks: markCountsSchema,
      /** Why its app is paused, in a sentence or empty; absent: not paused. */
      paused: z.string().optional(),
    }),
  ),
  /** "Batch 123: shots done, text 40 %". */
  sentence: z.string(),
  errors: z.array(errorGroupSchema),
});
export type BatchSummary = z.infer<typeof batchSummarySchema>;

/**
 * First line of a LIVE message; packed cells (`packCells`) follow it. `from === to` repeats the version without cells.
 */
export const liveCommitSchema = z.object({
  v: z.literal(1),
  batch: z.int().positive(),
  from: z.int().nonnegative(),
  to: z.int().nonnegative(),
  summary: batchSummarySchema,
});
export type LiveCommit = z.infer<typeof liveCommitSchema>;

/** Topic of the summaries of all batches. */
export const BATCHES_TOPIC = 'batches';
export const batchTopic = (batch: number) => `batch:${batch}`;
/** The batch a topic names; null for any other topic. */
export function parseBatchTopic(topic: string): number | null {
  const match = /^batch:(\d{1,15})$/.exec(topic);
  return match ? Number(match[1]) : null;
}

export const subscribeSchema = z.strictObject({
  topic: z.string().refine((topic) => topic === BATCHES_TOPIC || parseBatchTopic(topic) !== null, {
    message: 'the topic must be "batches" or "batch:<id>"',
  }),
  /** Version of the snapshot the client holds. */
  since: z.int().nonnegative().default(0),
});
export type Subscribe = z.input<typeof subscribeSchema>;

/** Answer to `subscribe`. `gap: true`: the client's version is too old or unknown; fetch the snapshot again. */
export interface SubscribeAnswer {
  ok: boolean;
  version: number;
  gap: boolean;
  error?: string;
}

/** Events from the notifier. A client whose version is lower than `from` fetches the snapshot again. */
export interface ServerToClientEvents {
  cells: (message: { topic: string; from: number; to: number; buf: Uint8Array | ArrayBuffer }) => void;
  summary: (message: { topic: string; summary: BatchSummary }) => void;
  /** `estimated`: derived from the time that the app took for earlier files; absent: the app reports it. */
  progress: (message: {
    topic: string;
    run: number;
    row: number;
    index: number;
    percent: number;
    estimated?: true;
  }) => void;
}

/** Events from a browser. */
export interface ClientToServerEvents {
  subscribe: (message: Subscribe, answer: (answer: SubscribeAnswer) => void) => void;
  unsubscribe: (message: { topic: string }) => void;
}
