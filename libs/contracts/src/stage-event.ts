import { z } from 'zod';
import { documentRefSchema } from './document-ref.js';
import { OUTCOMES } from './outcome.js';
import { messageObject } from './version.js';

/** What an event reports: that the app is being called, or how the stage was settled. */
export const STAGE_EVENT_KINDS = ['started', 'done', 'failed', 'cancelled', 'parked'] as const;
export type StageEventKind = (typeof STAGE_EVENT_KINDS)[number];

/**
 * Why an app did not accept a call: no connection to it was established, or it answered that it is busy or starting.
 * Neither is the file's fault.
 */
export const UNREACHED = ['connection', 'busy'] as const;
export type Unreached = (typeof UNREACHED)[number];

/** First line of an event: one thing that happened to one stage of one run. */
export const stageEventSchema = messageObject({
  v: z.literal(1),
  installation: z.string().min(1),
  batch: z.int().positive(),
  /** Random key of the batch, see `batch-key.ts`. */
  batchKey: z.string().min(1).optional(),
  run: z.int().positive(),
  row: z.int().nonnegative(),
  guid: z.string().min(1),
  index: z.int().nonnegative(),
  /** Number of stages on the run's route; identifies the last stage. */
  stages: z.int().positive(),
  app: z.string().min(1),
  generation: z.int().positive(),
  root: z.string().regex(/^\d+$/),
  /** Number of deliveries of the stage message, including this one. */
  delivery: z.int().positive(),
  /**
   * Number of calls of the app in this lineage, including this one and those in the slip; 0: settled without a call.
   */
  call: z.int().nonnegative(),
  kind: z.enum(STAGE_EVENT_KINDS),
  /** The stage message was published without a lineage, for example with `nats pub`, so Chowda did not request it. */
  rawReplay: z.boolean().optional(),
  outcome: z.enum(OUTCOMES).optional(),
  sentence: z.string().optional(),
  /** App, class and message with all specifics replaced: equal for similar failures. */
  fingerprint: z.string().optional(),
  /** The app's stack trace, truncated at 16 KiB. */
  trace: z.string().optional(),
  httpStatus: z.int().optional(),
  worker: z.string().min(1),
  /** Milliseconds since 1970. */
  times: messageObject({ published: z.number(), started: z.number(), settled: z.number().optional() }),
  /** New annotations by short type. */
  counts: z.record(z.string(), z.int().nonnegative()).optional(),
  warnings: z.array(z.string()).optional(),
  /** Warnings of the SDK about itself; they are stored and cause no mark. */
  notices: z.array(z.string()).optional(),
  /** Running time that the app reports, in seconds. */
  runningSeconds: z.number().nonnegative().optional(),
  /**
   * How far new annotations reach into the media, in milliseconds; `gap` is a sentence, present when they end early.
   */
  coverage: messageObject({ covered: z.number(), of: z.number(), gap: z.string().optional() }).optional(),
  /** Present: the app did not accept the call, so the failure is not an attempt. */
  unreached: z.enum(UNREACHED).optional(),
  /** Seconds after which the app asks to be called again. */
  retryAfter: z.number().nonnegative().optional(),
  /** The output of a done stage. */
  document: documentRefSchema.optional(),
});
export type StageEvent = z.infer<typeof stageEventSchema>;

/** Order of events within one lineage: a settlement outranks a start, and a final settlement outranks parking. */
export function stageEventRank(kind: StageEventKind): number {
  if (kind === 'started') return 1;
  return kind === 'parked' ? 2 : 3;
}
