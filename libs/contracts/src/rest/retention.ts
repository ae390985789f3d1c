import { z } from 'zod';
import { BATCH_STATES } from '../states.js';

/** Which documents of a finished batch are kept. */
export const RETENTION_KEEPS = [
  /** The documents of all stages and attempts. */
  'all',
  /** The newest document of each file. */
  'final',
] as const;
export type RetentionKeep = (typeof RETENTION_KEEPS)[number];

const LONGEST_DAYS = 36_500;
const days = z.int().min(1).max(LONGEST_DAYS).nullable();

/** Body of `PUT /api/retention`: what is kept, and for how many days after a batch finishes; null: forever. */
export const retentionRuleSchema = z.strictObject({ keep: z.enum(RETENTION_KEEPS), days: days.default(null) });
export type RetentionRule = z.output<typeof retentionRuleSchema>;

/** Body of `PUT /api/batches/{id}/retention`; `{"keep": null}` returns to the rule of the installation. */
export const batchRetentionRuleSchema = z
  .strictObject({ keep: z.enum(RETENTION_KEEPS).nullable(), days: days.default(null) })
  .refine((rule) => rule.keep !== null || rule.days === null, {
    path: ['days'],
    message: 'days requires keep: set keep, or omit both to use the rule of the installation',
  });
export type BatchRetentionRule = z.output<typeof batchRetentionRuleSchema>;

/** Answer of `GET` and `PUT /api/retention`. */
export const retentionSchema = z.object({
  keep: z.enum(RETENTION_KEEPS),
  days: days,
  /** The rule in words. */
  sentence: z.string(),
  changedBy: z.string().nullable(),
  changedAt: z.string().nullable(),
  /** Number of finished batches whose documents this rule will remove soon. */
  due: z.int(),
});
export type RetentionView = z.infer<typeof retentionSchema>;

/** Answer of `GET` and `PUT /api/batches/{id}/retention`. */
export const batchRetentionSchema = z.object({
  keep: z.enum(RETENTION_KEEPS),
  days: days,
  /** False: the rule of the installation applies. */
  own: z.boolean(),
  sentence: z.string(),
  /** Which documents are left; another rule does not restore removed documents. */
  kept: z.enum(['all', 'final', 'none']),
  /** When the remaining documents are removed; null: no date is set, or the batch has not finished. */
  removesAt: z.string().nullable(),
  /** Whether this rule will remove documents soon. */
  due: z.boolean(),
});
export type BatchRetentionView = z.infer<typeof batchRetentionSchema>;

/** Documents, each counted once, and their stored size. */
export const documentUseSchema = z.object({ documents: z.int(), bytes: z.int() });
export type DocumentUse = z.infer<typeof documentUseSchema>;

const sharedUseSchema = documentUseSchema.extend({
  /** Documents that other batches use as well. */
  shared: documentUseSchema,
});

/** Answer of `GET /api/batches/{id}/usage`. A document that several stages share is counted for each of them. */
export const batchUsageSchema = z.object({
  batch: z.int(),
  total: sharedUseSchema,
  stages: z.array(sharedUseSchema.extend({ index: z.int(), app: z.string() })),
  /** Documents of attempts that newer ones have replaced. */
  pastTries: sharedUseSchema,
  /** Input documents of runs. */
  inputs: sharedUseSchema,
});
export type BatchUsage = z.infer<typeof batchUsageSchema>;

/** Answer of `GET /api/batches/{id}/deletion`: the effect of deleting the batch. */
export const batchDeletionSchema = z.object({
  batch: z.int(),
  name: z.string(),
  state: z.enum(BATCH_STATES),
  /** Whether the batch can be deleted now. */
  allowed: z.boolean(),
  sentence: z.string(),
  runs: z.int(),
  goes: documentUseSchema,
  stays: documentUseSchema,
  /** Batches that share its documents, those with most of them first; at most 20. */
  usedBy: z.array(z.object({ id: z.int(), name: z.string(), documents: z.int() })),
});
export type BatchDeletion = z.infer<typeof batchDeletionSchema>;

/** Answer of `DELETE /api/batches/{id}`. */
export const deletedBatchSchema = z.object({ batch: z.int(), name: z.string(), runs: z.int(), sentence: z.string() });
export type DeletedBatch = z.infer<typeof deletedBatchSchema>;
