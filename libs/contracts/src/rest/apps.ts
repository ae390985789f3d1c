import { z } from 'zod';
import { OUTCOMES } from '../outcome.js';
import { retryPolicySchema } from '../retry-policy.js';

/** Documents the app works on at once, over all workers. */
const concurrency = z.int().min(1).max(256);
/** Seconds the app may take for one document. */
const deadlineSeconds = z.int().min(1).max(86_400);

/** Body of `POST /api/apps`: the app's metadata is fetched from its address. */
export const newAppSchema = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).max(2000),
  /** Default: 1, or what it is already. */
  concurrency: concurrency.optional(),
  /** Default: 3600, or what it is already. */
  deadlineSeconds: deadlineSeconds.optional(),
});
export type NewApp = z.input<typeof newAppSchema>;

/** Body of `PATCH /api/apps/{slug}`: what is left out stays as it is. */
export const appChangesSchema = z.strictObject({
  /** A disabled app cannot be chosen for a new pipeline version; what has chosen it goes on. */
  enabled: z.boolean().optional(),
  /** Takes effect at once. */
  concurrency: concurrency.optional(),
  /** Counts for runs that enter their pipeline, or go on after a retry, from now on. */
  deadlineSeconds: deadlineSeconds.optional(),
  /** In the place of the policy it had; `{}` leaves all outcomes to the rules of the installation. */
  retry: retryPolicySchema.optional(),
  /** Of a machine that runs it, for estimates; null: not known. */
  costPerHour: z.number().min(0).max(1_000_000).nullable().optional(),
  notes: z.string().trim().max(5000).optional(),
});
export type AppChanges = z.output<typeof appChangesSchema>;

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
  /** False: it cannot be chosen for a new pipeline version. */
  enabled: z.boolean(),
  /** By whom it is paused, since when and why; null: it is not. */
  paused: z.object({ by: z.string(), at: z.string(), why: z.string() }).nullable(),
  /** Retries that differ from the rules of the installation. */
  retry: retryPolicySchema,
  costPerHour: z.number().nullable(),
  notes: z.string(),
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

/** Body of `POST /api/apps/{slug}/refresh`. */
export const refreshAppSchema = z.strictObject({
  /** Tells what has changed, and keeps what is known. */
  dryRun: z.boolean().default(false),
});
export type RefreshApp = z.input<typeof refreshAppSchema>;

/** Answer to it: the app as it is now, and what its metadata says that it did not say before. */
export const refreshedAppSchema = z.object({
  dryRun: z.boolean(),
  app: appSchema,
  changes: z.array(z.string()),
  /** Pipelines whose newest version would be refused now, and why; what is saved stays as it is. */
  pipelines: z.array(z.string()),
});
export type RefreshedAppView = z.infer<typeof refreshedAppSchema>;

const percentilesSchema = z.object({ p50: z.number(), p90: z.number() });

/** Answer of `GET /api/apps/{slug}/health`. */
export const appHealthSchema = z.object({
  slug: z.string(),
  /** Whether it told its metadata just now. A busy app may be late with that: its last answers tell more. */
  reachable: z.object({
    answers: z.boolean(),
    at: z.string(),
    seconds: z.number(),
    sentence: z.string(),
    /** Its metadata differs from what is known; null: it told none. */
    changed: z.boolean().nullable(),
  }),
  paused: z.object({ by: z.string(), at: z.string(), why: z.string() }).nullable(),
  /** What the circuit breaker has seen of it since it last succeeded; null: nothing. */
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
  /** How long it took for the last files it was done with; null where nothing is known. */
  pace: z.object({
    /** So many files; how long their media are is known for the second number. */
    files: z.int(),
    filesWithDuration: z.int(),
    secondsPerFile: percentilesSchema.nullable(),
    secondsPerMediaMinute: percentilesSchema.nullable(),
  }),
});
export type AppHealthView = z.infer<typeof appHealthSchema>;
