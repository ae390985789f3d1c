import { z } from 'zod';
import { OUTCOMES } from '../outcome.js';
import { retryPolicySchema } from '../retry-policy.js';

/** Documents the app processes at once, over all workers. */
const concurrency = z.int().min(1).max(256);
/** Seconds the app may take for one document. */
const deadlineSeconds = z.int().min(1).max(86_400);

/** Body of `POST /api/apps`: the app's metadata is fetched from its address. */
export const newAppSchema = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).max(2000),
  /** Default: 1 for a new app, otherwise unchanged. */
  concurrency: concurrency.optional(),
  /** Default: 3600 for a new app, otherwise unchanged. */
  deadlineSeconds: deadlineSeconds.optional(),
});
export type NewApp = z.input<typeof newAppSchema>;

/** Body of `PATCH /api/apps/{slug}`: omitted fields remain unchanged. */
export const appChangesSchema = z.strictObject({
  /** A disabled app cannot be used in a new pipeline version; existing pipelines continue to use it. */
  enabled: z.boolean().optional(),
  /** Takes effect immediately. */
  concurrency: concurrency.optional(),
  /** Applies to runs that start or are retried from now on. */
  deadlineSeconds: deadlineSeconds.optional(),
  /** Replaces the current policy; `{}` restores the default rules for all outcomes. */
  retry: retryPolicySchema.optional(),
  /** Price of a machine that runs the app, for estimates; null: unknown. */
  costPerHour: z.number().min(0).max(1_000_000).nullable().optional(),
  notes: z.string().trim().max(5000).optional(),
});
export type AppChanges = z.output<typeof appChangesSchema>;

/** Body of `POST /api/apps/{slug}/pause`. */
export const pauseAppSchema = z.strictObject({ why: z.string().trim().max(500).default('') });
export type PauseApp = z.input<typeof pauseAppSchema>;

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
  /** True when its consumer exists: only then can pipelines use it. */
  ready: z.boolean(),
  /** False: it cannot be used in a new pipeline version. */
  enabled: z.boolean(),
  /** Who paused it, when and why; null: not paused. */
  paused: z.object({ by: z.string(), at: z.string(), why: z.string() }).nullable(),
  /** Retries that differ from the rules of the installation. */
  retry: retryPolicySchema,
  costPerHour: z.number().nullable(),
  notes: z.string(),
  /** Hash of the metadata as the app sent it. */
  metadataSha256: z.string(),
  createdAt: z.string(),
});
export type AppView = z.infer<typeof appSchema>;

const parameterScalar = z.union([z.string(), z.number(), z.boolean()]);

/** One parameter of an app, as a form field. */
export const parameterFieldSchema = z.object({
  name: z.string(),
  description: z.string(),
  /** Decides how a value is parsed and sent; the JavaScript type of `default` does not. */
  type: z.enum(['integer', 'number', 'string', 'boolean', 'map']),
  multivalued: z.boolean(),
  choices: z.array(parameterScalar).nullable(),
  required: z.boolean(),
  /** The app's own default; it is shown and never sent. */
  default: z.union([parameterScalar, z.array(parameterScalar)]).nullable(),
});

/** Answer of `GET /api/apps/{slug}`: the app, its parameters, and the short types that it reads and writes. */
export const appDetailSchema = appSchema.extend({
  parameters: z.array(parameterFieldSchema),
  /** The app needs every entry; of an entry with several types, it needs one. */
  input: z.array(z.object({ oneOf: z.array(z.string()), required: z.boolean() })),
  output: z.array(z.string()),
});
export type AppDetailView = z.infer<typeof appDetailSchema>;

/** Answer to `POST /api/apps`: the app, and the differences from its previous metadata. */
export const registeredAppSchema = appSchema.extend({ changes: z.array(z.string()) });
export type RegisteredAppView = z.infer<typeof registeredAppSchema>;

/** Body of `POST /api/apps/{slug}/refresh`. */
export const refreshAppSchema = z.strictObject({
  /** Reports the differences without storing the new metadata. */
  dryRun: z.boolean().default(false),
});
export type RefreshApp = z.input<typeof refreshAppSchema>;

/** Answer to `POST /api/apps/{slug}/refresh`: the current app, and the differences from its previous metadata. */
export const refreshedAppSchema = z.object({
  dryRun: z.boolean(),
  app: appSchema,
  changes: z.array(z.string()),
  /** Pipelines whose newest version could no longer be saved, and why; saved versions remain unchanged. */
  pipelines: z.array(z.string()),
});
export type RefreshedAppView = z.infer<typeof refreshedAppSchema>;

const percentilesSchema = z.object({ p50: z.number(), p90: z.number() });

/** Answer of `GET /api/apps/{slug}/health`. */
export const appHealthSchema = z.object({
  slug: z.string(),
  /**
   * Whether the app returned its metadata just now. A busy app may respond late; its last answers are more reliable.
   */
  reachable: z.object({
    answers: z.boolean(),
    at: z.string(),
    seconds: z.number(),
    sentence: z.string(),
    /** Whether its metadata differs from the stored metadata; null: it returned none. */
    changed: z.boolean().nullable(),
  }),
  paused: z.object({ by: z.string(), at: z.string(), why: z.string() }).nullable(),
  /** State of its circuit breaker since its last success; null: no failures. */
  breaker: z.object({ fingerprint: z.string(), trips: z.int(), probeAt: z.string(), probing: z.boolean() }).nullable(),
  concurrency: z.int(),
  queued: z.int(),
  running: z.int(),
  /** Its last answers, newest first. */
  answers: z.array(
    z.object({
      run: z.int(),
      batch: z.int(),
      guid: z.string(),
      index: z.int(),
      outcome: z.enum(OUTCOMES).nullable(),
      sentence: z.string().nullable(),
      worker: z.string().nullable(),
      seconds: z.number(),
      at: z.string(),
    }),
  ),
  /** Processing time of the last files that it completed; null: unknown. */
  pace: z.object({
    /** Number of files in the sample; the media duration is known for `filesWithDuration` of them. */
    files: z.int(),
    filesWithDuration: z.int(),
    secondsPerFile: percentilesSchema.nullable(),
    secondsPerMediaMinute: percentilesSchema.nullable(),
  }),
});
export type AppHealthView = z.infer<typeof appHealthSchema>;
