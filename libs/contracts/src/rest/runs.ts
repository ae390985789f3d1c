import { z } from 'zod';
import { STAGE_MARKS } from '../marks.js';
import { REPLAYED_RUNS } from '../operator.js';
import { OUTCOMES } from '../outcome.js';
import { RUN_STATES, STAGE_STATES } from '../states.js';
import { queryInteger } from './query-integer.js';

/** States by which runs can be filtered: those of runs and those of their current stage. */
export const RUN_FILTER_STATES = [...new Set([...RUN_STATES, ...STAGE_STATES])];

/** Filter in the query of `GET /api/batches/{id}/runs`: all conditions must match. */
export const runFilterSchema = z.object({
  /**
   * State of the run; for a state that only stages have, state of its current stage. With `stage`: state of that stage.
   */
  state: z.enum(RUN_FILTER_STATES).optional(),
  /** The stage, from 0, to which `state`, `mark` and `fingerprint` apply; on its own: the current stage of the runs. */
  stage: queryInteger(0, 31).optional(),
  mark: z.enum(STAGE_MARKS).optional(),
  /** The error group of a run. */
  fingerprint: z.string().min(1).max(2000).optional(),
  /** Part of a GUID, in any of its spellings, or of a title. */
  query: z.string().trim().max(200).optional(),
});
export type RunFilter = z.output<typeof runFilterSchema>;

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
  /** The next stage, or the stage at which the run ended; the number of stages when it is done. */
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
  /** Id of the run whose result is reused; absent: not reused. */
  reusedFrom: z.int().optional(),
  /** Why the run did not reach this stage, in one sentence; absent: it did, or still can. */
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
  /**
   * How far the stage was at a time while it runs, in percent; `estimated`: derived from the time that the app took for
   * earlier files. Absent: unknown.
   */
  progress: z.object({ percent: z.number(), estimated: z.boolean(), at: z.string() }).optional(),
  /** New annotations by short type. */
  annotations: z.record(z.string(), z.int()),
  warnings: z.array(z.string()),
  /** Warnings of the SDK about itself. */
  notices: z.array(z.string()),
  /** Why the stage should be checked although it is done. */
  mark: z.enum(STAGE_MARKS).nullable(),
  /** When a stage in state `retrying` is retried. */
  retryAt: z.string().nullable(),
  /** Running time that the app reports, in seconds. */
  runningSeconds: z.number().nullable(),
  /** How far annotations reach into the media, in milliseconds; `gap` is "covers 5 of 31 min" when they end early. */
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

/** One attempt of one stage, as in `GET /api/runs/{id}/attempts`. */
export const attemptSchema = stageRunSchema.extend({
  /** Identifies the attempt: generation and root. */
  attempt: z.string(),
  /** The message of the stage was published again by hand, for example with `nats pub`; absent: it was not. */
  rawReplay: z.literal(true).optional(),
  /** True for the current attempt; newer attempts replaced the others. */
  current: z.boolean(),
});
export type AttemptView = z.infer<typeof attemptSchema>;

const dryRun = z.boolean().default(false);

/** Body of `POST /api/batches/{id}/retry`: retry the failed runs of the batch, of one error group, or of one app. */
export const retryBatchSchema = z.strictObject({
  /** Which runs; default: the failed ones. */
  runs: z.enum(REPLAYED_RUNS).optional(),
  /** First stage to run, from 0; default: the stage at which each run ended. */
  stage: z.int().nonnegative().max(31).optional(),
  fingerprint: z.string().min(1).optional(),
  /** Slug of the app at which they failed. */
  app: z.string().min(1).optional(),
  dryRun,
});
export type RetryBatch = z.input<typeof retryBatchSchema>;

const stage = z.int().min(0).max(31);

/** Body of `POST /api/batches/{id}/hold`. */
export const holdBatchSchema = z.strictObject({ stage, why: z.string().trim().max(500).default('') });
export type HoldBatch = z.input<typeof holdBatchSchema>;

/** Body of `POST /api/batches/{id}/resume`: with `stage`, ends the hold at that stage; otherwise ends the pause. */
export const resumeBatchSchema = z.strictObject({ stage: stage.optional() });
export type ResumeBatch = z.input<typeof resumeBatchSchema>;

/** Body of `POST /api/runs/{id}/retry`; `stage` counts from 0, default: the stage at which the run ended. */
export const retryRunSchema = z.strictObject({ stage: z.int().nonnegative().optional(), dryRun });
export type RetryRun = z.input<typeof retryRunSchema>;
