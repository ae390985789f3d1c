import { z } from 'zod';
import { REPLAYED_RUNS } from '../operator.js';

const dryRun = z.boolean().default(false);

/** Body of `POST /api/batches/{id}/retry`: its failed runs, those of one error group, or those of one app. */
export const retryBatchSchema = z.strictObject({
  /** Its cancelled runs instead. */
  runs: z.enum(REPLAYED_RUNS).optional(),
  /** From which stage on, from 0; default: the stage at which each of them ended. */
  stage: z.int().nonnegative().max(31).optional(),
  fingerprint: z.string().min(1).optional(),
  /** Slug of the app at which they failed. */
  app: z.string().min(1).optional(),
  dryRun,
});
export type RetryBatch = z.input<typeof retryBatchSchema>;

/** Body of `POST /api/runs/{id}/retry`; `stage` counts from 0, default: the stage at which the run ended. */
export const retryRunSchema = z.strictObject({ stage: z.int().nonnegative().optional(), dryRun });
export type RetryRun = z.input<typeof retryRunSchema>;

/** Body of `POST /api/apps/{slug}/pause`. */
export const pauseAppSchema = z.strictObject({ why: z.string().trim().max(500).default('') });
export type PauseApp = z.input<typeof pauseAppSchema>;
