import { z } from 'zod';

/** Value of `app.<slug>` in the control bucket: how workers reach an app. */
export const appControlSchema = z.object({
  v: z.literal(1),
  installation: z.string(),
  slug: z.string(),
  adapter: z.literal('http'),
  url: z.url(),
  /** Identifier the app signs its views with. */
  identifier: z.string(),
  /** Path under `url` that tells the percent of a call, for apps that have one. */
  progressPath: z.string().optional(),
  /** Seconds a worker may be silent about a stage before the broker hands it to another. */
  ackWait: z.number().positive(),
  /** Documents the app works on at once, over all workers. */
  concurrency: z.int().positive(),
  /** No worker takes a stage of a paused app. */
  paused: z.boolean().default(false),
});
export type AppControl = z.infer<typeof appControlSchema>;

/** Percent of a running stage, as the app reports it; never stored. */
export const progressSchema = z.object({ row: z.int().nonnegative(), percent: z.number().min(0).max(100) });
export type Progress = z.infer<typeof progressSchema>;

/** Value of `batch.<id>` in the control bucket: what workers do with stages of the batch before they call. */
export const batchControlSchema = z.object({
  v: z.literal(1),
  installation: z.string(),
  batch: z.int().positive(),
  /** Stages are settled as parked; resuming publishes them again. */
  paused: z.boolean(),
  /** Stages of this generation and older ones are settled as cancelled; 0 cancels none. */
  cancelledGeneration: z.int().nonnegative(),
  /** Runs that were cancelled by themselves: stages of this generation of them and older ones are settled as cancelled. */
  cancelledRuns: z.array(z.object({ run: z.int().positive(), generation: z.int().nonnegative() })).optional(),
});
export type BatchControl = z.infer<typeof batchControlSchema>;

/** How often a worker says what it holds, in seconds. */
export const HEARTBEAT_SECONDS = 5;

/** Value of `worker.<id>` in the control bucket: what a worker holds, written every few seconds. */
export const workerHeartbeatSchema = z.object({
  v: z.literal(1),
  installation: z.string(),
  worker: z.string(),
  /** Milliseconds since 1970. */
  at: z.number(),
  /** Slugs of the apps it serves. */
  apps: z.array(z.string()),
  inFlight: z.array(
    z.object({
      run: z.int().positive(),
      index: z.int().nonnegative(),
      /** 0 when its message does not say: a raw replay. */
      generation: z.int().nonnegative(),
      /** Sequence of its message in STAGES. */
      sequence: z.int().nonnegative(),
      /** Milliseconds since 1970. */
      since: z.number(),
    }),
  ),
});
export type WorkerHeartbeat = z.infer<typeof workerHeartbeatSchema>;
