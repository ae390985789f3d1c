import { z } from 'zod';
import { BATCH_STATES } from '../states.js';

/** What stays of a batch that has finished. */
export const RETENTION_KEEPS = [
  /** The documents of all stages and of all tries. */
  'all',
  /** The newest document of each file. */
  'final',
] as const;
export type RetentionKeep = (typeof RETENTION_KEEPS)[number];

const LONGEST_DAYS = 36_500;
const days = z.int().min(1).max(LONGEST_DAYS).nullable();

/** Body of `PUT /api/retention`: what is kept, and for how many days after a batch has finished; null: for ever. */
export const retentionRuleSchema = z.strictObject({ keep: z.enum(RETENTION_KEEPS), days: days.default(null) });
export type RetentionRule = z.output<typeof retentionRuleSchema>;

/** Body of `PUT /api/batches/{id}/retention`; `{"keep": null}` follows the installation again. */
export const batchRetentionRuleSchema = z
  .strictObject({ keep: z.enum(RETENTION_KEEPS).nullable(), days: days.default(null) })
  .refine((rule) => rule.keep !== null || rule.days === null, {
    path: ['days'],
    message: 'days go with keep: say what is to be kept, or leave both to the installation',
  });
export type BatchRetentionRule = z.output<typeof batchRetentionRuleSchema>;

/** Answer of `GET` and `PUT /api/retention`. */
export const retentionSchema = z.object({
  keep: z.enum(RETENTION_KEEPS),
  days: days,
  /** What that means. */
  sentence: z.string(),
  changedBy: z.string().nullable(),
  changedAt: z.string().nullable(),
  /** Finished batches of which documents are about to be removed by this. */
  due: z.int(),
});
export type RetentionView = z.infer<typeof retentionSchema>;

/** Answer of `GET` and `PUT /api/batches/{id}/retention`. */
export const batchRetentionSchema = z.object({
  keep: z.enum(RETENTION_KEEPS),
  days: days,
  /** False: it follows the installation. */
  own: z.boolean(),
  sentence: z.string(),
  /** What is there still; a removed document does not come back by another rule. */
  kept: z.enum(['all', 'final', 'none']),
  /** When the rest is removed; null: not by a date, or the batch has not finished. */
  removesAt: z.string().nullable(),
  /** Whether documents are about to be removed by this. */
  due: z.boolean(),
});
export type BatchRetentionView = z.infer<typeof batchRetentionSchema>;

/** Documents, each counted once, and the bytes that they take as they are stored. */
export const documentUseSchema = z.object({ documents: z.int(), bytes: z.int() });
export type DocumentUse = z.infer<typeof documentUseSchema>;

const sharedUseSchema = documentUseSchema.extend({
  /** Those that other batches use, too. */
  shared: documentUseSchema,
});

/** Answer of `GET /api/batches/{id}/usage`. A document that several stages have is counted at each of them. */
export const batchUsageSchema = z.object({
  batch: z.int(),
  total: sharedUseSchema,
  stages: z.array(sharedUseSchema.extend({ index: z.int(), app: z.string() })),
  /** Documents of tries that newer ones have replaced. */
  pastTries: sharedUseSchema,
  /** Documents that runs begin with. */
  inputs: sharedUseSchema,
});
export type BatchUsage = z.infer<typeof batchUsageSchema>;

/** Answer of `GET /api/batches/{id}/deletion`: what deleting the batch would do. */
export const batchDeletionSchema = z.object({
  batch: z.int(),
  name: z.string(),
  state: z.enum(BATCH_STATES),
  /** Whether it can be deleted now. */
  allowed: z.boolean(),
  sentence: z.string(),
  runs: z.int(),
  goes: documentUseSchema,
  stays: documentUseSchema,
  /** Batches that use documents of it, those with most of them first; 20 at most. */
  usedBy: z.array(z.object({ id: z.int(), name: z.string(), documents: z.int() })),
});
export type BatchDeletion = z.infer<typeof batchDeletionSchema>;

/** Answer of `DELETE /api/batches/{id}`. */
export const deletedBatchSchema = z.object({ batch: z.int(), name: z.string(), runs: z.int(), sentence: z.string() });
export type DeletedBatch = z.infer<typeof deletedBatchSchema>;
