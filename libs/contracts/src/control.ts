import { z } from 'zod';
import { messageObject } from './version.js';

/** Value of `app.<slug>` in the control bucket: how workers reach an app. */
export const appControlSchema = messageObject({
  v: z.literal(1),
  installation: z.string(),
  slug: z.string(),
  adapter: z.literal('http'),
  url: z.url(),
  /** Identifier with which the app signs its views. */
  identifier: z.string(),
  /** Path under `url` that reports the percentage of a call, for apps that provide one. */
  progressPath: z.string().optional(),
  /** Seconds without a sign of life from a worker after which the broker delivers a stage to another one. */
  ackWait: z.number().positive(),
  /** Documents the app processes at once, over all workers. */
  concurrency: z.int().positive(),
  /** Workers accept no stages for a paused app. */
  paused: z.boolean().default(false),
  /** Seconds that it takes for a file on average; absent: unknown, or too short for a percentage. */
  typicalSeconds: z.number().positive().optional(),
});
export type AppControl = z.infer<typeof appControlSchema>;

/** How far a running stage is, in percent. */
export const progressSchema = z.object({
  row: z.int().nonnegative(),
  percent: z.number().min(0).max(100),
  /** Derived from the time that the app took for earlier files; absent: the app reports it. */
  estimated: z.literal(true).optional(),
});
export type Progress = z.infer<typeof progressSchema>;
/** How far one stage is. */
export type StageProgress = Omit<Progress, 'row'>;

/** A stage at which a batch is held: none of its runs starts this stage, except a probe. */
export const heldStageSchema = z.object({
  stage: z.int().nonnegative(),
  /** "breaker", or the person who holds it. */
  by: z.string(),
  reason: z.string(),
  since: z.string(),
  /** When the next file passes as a probe; null: a person must end the hold. */
  probeAt: z.string().nullable().default(null),
  /** The run that may pass; null: none at present. */
  probe: z.int().positive().nullable().default(null),
});
export type HeldStage = z.infer<typeof heldStageSchema>;

/** Value of `batch.<id>` in the control bucket: workers read it before they call an app for the batch. */
export const batchControlSchema = messageObject({
  v: z.literal(1),
  installation: z.string(),
  batch: z.int().positive(),
  /** Stages are settled as parked; resuming publishes them again. */
  paused: z.boolean(),
  /** Stages that are settled as parked, as in a pause; absent: none. */
  held: z.array(heldStageSchema).optional(),
  /** Stages up to this generation are settled as cancelled; 0 cancels none. */
  cancelledGeneration: z.int().nonnegative(),
  /** Runs that were cancelled individually: their stages up to this generation are settled as cancelled. */
  cancelledRuns: z.array(z.object({ run: z.int().positive(), generation: z.int().nonnegative() })).optional(),
});
export type BatchControl = z.infer<typeof batchControlSchema>;

/** Interval of a worker's heartbeat, in seconds. */
export const HEARTBEAT_SECONDS = 5;

/**
 * Value of `worker.<id>.<process>` in the control bucket: the work in flight of one process of a worker, written with
 * every heartbeat. A copy under `worker.<id>` is for schedulers of the previous release.
 */
export const workerHeartbeatSchema = messageObject({
  v: z.literal(1),
  installation: z.string(),
  worker: z.string(),
  /** Random for each start, so that two workers with one id are visible. */
  process: z.string().optional(),
  /** The highest `v` of slips and stage events that the process reads; absent: 1. */
  reads: z.int().positive().optional(),
  /** Milliseconds since 1970. */
  at: z.number(),
  /** Slugs of the apps it serves; none while it drains. */
  apps: z.array(z.string()),
  /** It finishes its work in flight and accepts no other. */
  draining: z.literal(true).optional(),
  /** The broker has refused publications of this worker for at least 5 s; `since` in milliseconds since 1970. */
  refusal: z.object({ since: z.number(), reason: z.string(), count: z.int().positive() }).optional(),
  inFlight: z.array(
    messageObject({
      run: z.int().positive(),
      index: z.int().nonnegative(),
      /** 0 for a raw replay, whose message names no generation. */
      generation: z.int().nonnegative(),
      /** Sequence of its message in STAGES. */
      sequence: z.int().nonnegative(),
      /** Milliseconds since 1970. */
      since: z.number(),
    }),
  ),
});
export type WorkerHeartbeat = z.infer<typeof workerHeartbeatSchema>;

/** Value of `drain.<id>` in the control bucket: this worker finishes its work and accepts no other until it restarts. */
export const workerDrainSchema = z.object({ v: z.literal(1), installation: z.string(), worker: z.string() });
export type WorkerDrain = z.infer<typeof workerDrainSchema>;
