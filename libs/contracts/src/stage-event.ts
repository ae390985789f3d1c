import { z } from 'zod';
import { documentRefSchema } from './documents.js';
import { OUTCOMES } from './outcome.js';

/** What an event says: the app is being called, or how the stage was settled. */
export const STAGE_EVENT_KINDS = ['started', 'done', 'failed', 'cancelled', 'parked'] as const;
export type StageEventKind = (typeof STAGE_EVENT_KINDS)[number];

/** First line of an event: one thing that happened to one stage of one run. */
export const stageEventSchema = z.object({
  v: z.literal(1),
  installation: z.string().min(1),
  batch: z.int().positive(),
  run: z.int().positive(),
  row: z.int().nonnegative(),
  guid: z.string().min(1),
  index: z.int().nonnegative(),
  /** Number of stages on the run's route, so that the last one can be told. */
  stages: z.int().positive(),
  app: z.string().min(1),
  generation: z.int().positive(),
  root: z.string().regex(/^\d+$/),
  /** Hand-overs of the stage message by the broker, this one included. */
  delivery: z.int().positive(),
  /** Calls of the app in this lineage, this one included; 0 when it was settled without a call. */
  call: z.int().nonnegative(),
  kind: z.enum(STAGE_EVENT_KINDS),
  outcome: z.enum(OUTCOMES).optional(),
  sentence: z.string().optional(),
  /** App, class and message with everything particular replaced: the same for similar failures. */
  fingerprint: z.string().optional(),
  /** The app's stack trace, cut at 16 KiB. */
  trace: z.string().optional(),
  httpStatus: z.int().optional(),
  worker: z.string().min(1),
  /** Milliseconds since 1970. */
  times: z.object({ published: z.number(), started: z.number(), settled: z.number().optional() }),
  /** New annotations by short type. */
  counts: z.record(z.string(), z.int().nonnegative()).optional(),
  warnings: z.array(z.string()).optional(),
  /** Warnings of the SDK about itself: kept, and no mark. */
  notices: z.array(z.string()).optional(),
  /** Seconds the app says it ran. */
  runningSeconds: z.number().nonnegative().optional(),
  /** How far new annotations reach into the media, in milliseconds; `gap` says so when it is clearly less. */
  coverage: z.object({ covered: z.number(), of: z.number(), gap: z.string().optional() }).optional(),
  /** Seconds after which the app wants to be asked again. */
  retryAfter: z.number().nonnegative().optional(),
  /** The output of a done stage. */
  document: documentRefSchema.optional(),
});
export type StageEvent = z.infer<typeof stageEventSchema>;

/** Order of events of one lineage: a settlement is later than a start, and nothing takes its place by putting it back. */
export function stageEventRank(kind: StageEventKind): number {
  if (kind === 'started') return 1;
  return kind === 'parked' ? 2 : 3;
}
