import { z } from 'zod';
import { parametersSchema } from '../slip.js';

const name = z.string().trim().min(1).max(200);
const description = z.string().trim().max(2000);

/** Body of `POST /api/pipelines`; an existing name gets a new version. */
export const newPipelineSchema = z.strictObject({
  name,
  /** Default: empty for a new pipeline, otherwise unchanged. */
  description: description.optional(),
  stages: z
    .array(z.strictObject({ app: z.string().min(1).max(500), parameters: parametersSchema.default({}) }))
    .min(1, 'a pipeline has at least one stage')
    .max(32),
});
export type NewPipeline = z.input<typeof newPipelineSchema>;

export const pipelineFindingSchema = z.object({
  /** Stage of the finding, from 0. */
  stage: z.int().nonnegative(),
  level: z.enum(['warning', 'note']),
  sentence: z.string(),
});
export type PipelineFindingView = z.infer<typeof pipelineFindingSchema>;

/** Answer to `POST /api/pipelines/check`: the result of saving the same body. */
export const pipelineCheckSchema = z.object({
  /** Remarks that do not prevent saving. */
  findings: z.array(pipelineFindingSchema),
  /** Errors with their place in the body; empty: the pipeline can be saved. */
  errors: z.array(z.object({ path: z.string(), message: z.string() })),
});
export type PipelineCheckView = z.infer<typeof pipelineCheckSchema>;

const stageSchema = z.object({ index: z.int(), app: z.string(), name: z.string(), parameters: parametersSchema });

export const pipelineSchema = z.object({
  id: z.int(),
  name: z.string(),
  description: z.string(),
  /** Number of this immutable version, from 1. */
  version: z.int(),
  stages: z.array(stageSchema),
  /** Remarks about the order of its apps, found when it was saved; they do not prevent runs. */
  findings: z.array(pipelineFindingSchema),
  /** Archived pipelines are listed only on request and cannot get new versions. */
  archived: z.boolean(),
  createdAt: z.string(),
});
export type PipelineView = z.infer<typeof pipelineSchema>;

/** One line of `GET /api/pipelines/{id}/versions`, newest first. */
export const pipelineVersionSchema = z.object({
  version: z.int(),
  stages: z.array(stageSchema.omit({ parameters: true })),
  findings: z.array(pipelineFindingSchema),
  /** User who saved it; null: unknown. */
  createdBy: z.string().nullable(),
  createdAt: z.string(),
});
export type PipelineVersionView = z.infer<typeof pipelineVersionSchema>;

/** Answer of `GET /api/pipelines/{id}/versions/{n}`: a valid body of `POST /api/pipelines`. */
export const pipelineDefinitionSchema = z.object({
  name: z.string(),
  description: z.string(),
  stages: z.array(z.object({ app: z.string(), parameters: parametersSchema })),
});
export type PipelineDefinition = z.infer<typeof pipelineDefinitionSchema>;

/** Body of `POST /api/pipelines/{id}/clone`. */
export const clonePipelineSchema = z.strictObject({
  name,
  /** Default: the newest version. */
  version: z
    .int()
    .min(1)
    .max(2 ** 31 - 1)
    .optional(),
});
export type ClonePipeline = z.input<typeof clonePipelineSchema>;

/** Body of `PATCH /api/pipelines/{id}`: omitted fields remain unchanged; versions never change. */
export const pipelineChangesSchema = z.strictObject({
  name: name.optional(),
  description: description.optional(),
  archived: z.boolean().optional(),
});
export type PipelineChanges = z.output<typeof pipelineChangesSchema>;

const value = parametersSchema.valueType;

/** How one stage differs between two versions; `from` and `to` are its positions, null: not in that version. */
export const stageDifferenceSchema = z.object({
  change: z.enum(['added', 'removed', 'moved', 'replaced', 'changed', 'same']),
  from: z.int().nullable(),
  to: z.int().nullable(),
  /** Slug of its app; `before`: slug of the previous version of the app. */
  app: z.string(),
  before: z.string().nullable(),
  /** Parameters with different values; null: not set. */
  parameters: z.array(z.object({ name: z.string(), from: value.nullable(), to: value.nullable() })),
});
export type StageDifference = z.infer<typeof stageDifferenceSchema>;

/** Answer of `GET /api/pipelines/{id}/diff`. */
export const pipelineDiffSchema = z.object({
  from: z.int(),
  to: z.int(),
  /** In the order of the newer version; removed stages at their old position. */
  stages: z.array(stageDifferenceSchema),
  /** The differences in sentences; empty: the versions are equal. */
  sentences: z.array(z.string()),
});
export type PipelineDiffView = z.infer<typeof pipelineDiffSchema>;
