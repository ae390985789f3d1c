import { z } from 'zod';
import { documentRefSchema } from './document-ref.js';
import { messageObject } from './version.js';

const scalar = z.union([z.string(), z.number(), z.boolean()]);

/** Parameters a user set for one app: a scalar, a list for a multivalued parameter, an object for a map. */
export const parametersSchema = z.record(
  z.string().min(1),
  z.union([scalar, z.array(scalar).min(1), z.record(z.string(), scalar)]),
);
export type Parameters = z.infer<typeof parametersSchema>;

const routeStageSchema = messageObject({
  /** Slug of the app. */
  app: z.string().regex(/^[A-Za-z0-9_-]+$/),
  parameters: parametersSchema,
  /**
   * Declared type of each parameter that is set, at the time the pipeline was saved; it decides how a value is sent.
   */
  types: z.record(z.string(), z.string()).optional(),
  /** MMIF version of the app at the time the pipeline was saved. */
  mmifVersion: z.string().optional(),
  /** Seconds the app may take for one document. */
  deadline: z.number().positive(),
});
export type RouteStage = z.infer<typeof routeStageSchema>;

/** First line of a stage message: the file, its route, its current stage and its document. */
export const slipSchema = messageObject({
  v: z.literal(1),
  /** Identity of the database that holds this run; workers dead-letter messages of another installation. */
  installation: z.string().min(1),
  batch: z.int().positive(),
  /** Random key of the batch, see `batch-key.ts`. */
  batchKey: z.string().min(1).optional(),
  run: z.int().positive(),
  /** Position of the run in its batch, from 0. */
  row: z.int().nonnegative(),
  guid: z.string().min(1),
  index: z.int().nonnegative(),
  generation: z.int().positive(),
  /** Null in the scheduler's own message: the broker's timestamp of that message is the root. */
  root: z.string().regex(/^\d+$/).nullable(),
  route: z.array(routeStageSchema).min(1),
  document: documentRefSchema,
  /**
   * Calls of the app for the current stage in generations that the sweeper has replaced by this one; absent: none. A
   * file that kills its worker must not be called without end.
   */
  calls: z.int().nonnegative().optional(),
  /** W3C traceparent. */
  trace: z.string().optional(),
});
export type Slip = z.infer<typeof slipSchema>;
