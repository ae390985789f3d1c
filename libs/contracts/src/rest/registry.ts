import { z } from 'zod';
import { parametersSchema } from '../slip.js';

const name = z.string().trim().min(1).max(200);

export const mediaKindSchema = z.enum(['video', 'audio', 'text', 'image']);
export type MediaKind = z.infer<typeof mediaKindSchema>;

/** Body of `POST /api/media-files`. */
export const newMediaFileSchema = z.strictObject({
  guid: z.string().regex(/^[A-Za-z0-9_-]{1,128}$/, 'a GUID has letters, digits, "-" and "_" only'),
  title: z.string().trim().max(500).default(''),
  /** Absolute path of the file, inside one of the allowed media folders. */
  path: z.string().min(1).max(4096),
});
export type NewMediaFile = z.input<typeof newMediaFileSchema>;

export const mediaFileSchema = z.object({
  id: z.int(),
  guid: z.string(),
  title: z.string(),
  path: z.string(),
  kind: mediaKindSchema,
  createdAt: z.string(),
});
export type MediaFileView = z.infer<typeof mediaFileSchema>;

/** Body of `POST /api/apps`: the app's metadata is fetched from its address. */
export const newAppSchema = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).max(2000),
  /** Documents the app works on at once, over all workers. */
  concurrency: z.int().min(1).max(256).default(1),
  /** Seconds the app may take for one document. */
  deadlineSeconds: z.int().min(1).max(86_400).default(3600),
});
export type NewApp = z.input<typeof newAppSchema>;

export const appSchema = z.object({
  id: z.int(),
  slug: z.string(),
  name: z.string(),
  version: z.string(),
  description: z.string(),
  identifier: z.string(),
  url: z.string(),
  concurrency: z.int(),
  deadlineSeconds: z.int(),
  /** True once its consumer exists, so that a pipeline may use it. */
  ready: z.boolean(),
  /** Of the metadata as the app sent it. */
  metadataSha256: z.string(),
  createdAt: z.string(),
});
export type AppView = z.infer<typeof appSchema>;

const parameterScalar = z.union([z.string(), z.number(), z.boolean()]);

/** One field of the form in which an app's parameters are set, as the app declares it. */
export const parameterFieldSchema = z.object({
  name: z.string(),
  description: z.string(),
  /** Decides how a value is read and sent; the JavaScript type of `default` says nothing about it. */
  type: z.enum(['integer', 'number', 'string', 'boolean', 'map']),
  multivalued: z.boolean(),
  choices: z.array(parameterScalar).nullable(),
  required: z.boolean(),
  /** What the app takes when nothing is set; it is shown and never sent. */
  default: z.union([parameterScalar, z.array(parameterScalar)]).nullable(),
});

/** Answer of `GET /api/apps/{slug}`: the app, its parameters, and what it reads and writes by short type. */
export const appDetailSchema = appSchema.extend({
  parameters: z.array(parameterFieldSchema),
  /** Every entry has to be there; an entry of several types needs one of them. */
  input: z.array(z.object({ oneOf: z.array(z.string()), required: z.boolean() })),
  output: z.array(z.string()),
});
export type AppDetailView = z.infer<typeof appDetailSchema>;

/** Answer to `POST /api/apps`: the app, and what its metadata says now that it did not say before. */
export const registeredAppSchema = appSchema.extend({ changes: z.array(z.string()) });
export type RegisteredAppView = z.infer<typeof registeredAppSchema>;

/** Body of `POST /api/pipelines`; an existing name gets a new version. */
export const newPipelineSchema = z.strictObject({
  name,
  description: z.string().trim().max(2000).default(''),
  stages: z
    .array(z.strictObject({ app: z.string().min(1).max(500), parameters: parametersSchema.default({}) }))
    .min(1, 'a pipeline has at least one stage')
    .max(32),
});
export type NewPipeline = z.input<typeof newPipelineSchema>;

export const pipelineFindingSchema = z.object({
  /** Stage at which it shows, from 0. */
  stage: z.int().nonnegative(),
  level: z.enum(['warning', 'note']),
  sentence: z.string(),
});
export type PipelineFindingView = z.infer<typeof pipelineFindingSchema>;

export const pipelineSchema = z.object({
  id: z.int(),
  name: z.string(),
  description: z.string(),
  /** Number of this immutable version, from 1. */
  version: z.int(),
  stages: z.array(z.object({ index: z.int(), app: z.string(), name: z.string(), parameters: parametersSchema })),
  /** What is odd about the order of its apps, found when it was saved; nothing of it forbids to run it. */
  findings: z.array(pipelineFindingSchema),
  createdAt: z.string(),
});
export type PipelineView = z.infer<typeof pipelineSchema>;
