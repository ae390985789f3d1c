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
  mmifVersion: z.string().optional(),
  /** Declared parameters by name: their type decides how a value is sent. */
  parameterTypes: z.record(z.string(), z.string()),
  /** Path under `url` that tells the percent of a call, for apps that have one. */
  progressPath: z.string().optional(),
  /** Seconds a worker may be silent about a stage before the broker hands it to another. */
  ackWait: z.number().positive(),
  /** Documents the app works on at once, over all workers. */
  concurrency: z.int().positive(),
});
export type AppControl = z.infer<typeof appControlSchema>;

/** Percent of a running stage, as the app reports it; never stored. */
export const progressSchema = z.object({ row: z.int().nonnegative(), percent: z.number().min(0).max(100) });
export type Progress = z.infer<typeof progressSchema>;
