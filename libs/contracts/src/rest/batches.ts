import { z } from 'zod';
import { batchSummarySchema } from '../live.js';
import { etaSchema, mediaHoursSchema } from './estimates.js';
import { inputChoiceSchema } from './batch-requests.js';

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
  /** Share of the apps' capacity relative to other batches; 100 is normal. */
  weight: z.int().optional(),
  archived: z.boolean().optional(),
  /** Input of the first stage. */
  input: inputChoiceSchema.optional(),
  /** Its runs reuse stored results of earlier runs of the same files. */
  reuse: z.boolean().optional(),
  /** Only for a single running batch; null: no meaningful estimate is possible yet. */
  eta: etaSchema.nullable().optional(),
  /** Only for a single batch. */
  mediaHours: mediaHoursSchema.optional(),
  /** Only for a draft that was just started: what may delay it, such as an app that no worker serves. */
  warnings: z.array(z.string()).optional(),
  summary: batchSummarySchema,
});
export type BatchView = z.infer<typeof batchSchema>;

/** Header of the cells snapshot that contains its batch version. */
export const CELLS_VERSION_HEADER = 'X-Version';
