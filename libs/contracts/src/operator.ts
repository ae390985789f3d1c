import { z } from 'zod';

/** Who asks; every command is recorded with it. */
const actor = z.string().trim().min(1).max(200).default('operator');
/** Tells what would happen, and changes nothing. */
const dryRun = z.boolean().default(false);
const id = z.int().positive();
const slug = z.string().regex(/^[A-Za-z0-9_-]+$/);
const command = { actor, dryRun };

const oneOf = (...names: string[]) =>
  [
    (request: Record<string, unknown>) => names.filter((name) => request[name] !== undefined).length === 1,
    { message: `name exactly one of ${names.join(', ')}` },
  ] as const;

/**
 * Stages to run again: those of one run, or the failed ones of a batch, of one error group of it, or of one app in it.
 * A run goes on from `stage` (default: the stage it failed at), with the stored output of the stage before.
 */
export const replaySchema = z
  .strictObject({
    ...command,
    run: id.optional(),
    batch: id.optional(),
    stage: z.int().nonnegative().optional(),
    fingerprint: z.string().optional(),
    app: slug.optional(),
  })
  .refine(...oneOf('run', 'batch'));
/** Dead letters to run again: one by its sequence in DEAD, or all of a batch or of an app. */
export const redriveSchema = z
  .strictObject({ ...command, sequence: id.optional(), batch: id.optional(), app: slug.optional() })
  .refine(...oneOf('sequence', 'batch', 'app'));
export const cancelSchema = z
  .strictObject({ ...command, batch: id.optional(), run: id.optional() })
  .refine(...oneOf('batch', 'run'));
export const pauseSchema = z
  .strictObject({ ...command, batch: id.optional(), app: slug.optional(), why: z.string().trim().max(500).default('') })
  .refine(...oneOf('batch', 'app'));
export const resumeSchema = z
  .strictObject({ ...command, batch: id.optional(), app: slug.optional() })
  .refine(...oneOf('batch', 'app'));
/** Why is this not running? */
export const explainSchema = z
  .strictObject({ run: id.optional(), batch: id.optional(), app: slug.optional() })
  .refine(...oneOf('run', 'batch', 'app'));
/** Recounts a batch, or all of them; `repair` writes the recount. */
export const auditSchema = z.strictObject({ actor, batch: id.optional(), repair: z.boolean().default(false) });

/** What operators ask for, by verb; the subject is `chowda.<verb>`. */
export const OPERATOR_VERBS = {
  replay: replaySchema,
  redrive: redriveSchema,
  cancel: cancelSchema,
  pause: pauseSchema,
  resume: resumeSchema,
  explain: explainSchema,
  audit: auditSchema,
} as const;
export type OperatorVerb = keyof typeof OPERATOR_VERBS;
export type OperatorRequest<Verb extends OperatorVerb> = z.output<(typeof OPERATOR_VERBS)[Verb]>;

/** Name and subject prefix of the NATS service that answers operators. */
export const OPERATOR_SERVICE = 'chowda';
export const operatorSubject = (verb: OperatorVerb) => `${OPERATOR_SERVICE}.${verb}`;

/** Answer to a command: how many it concerns, and the first of them by name. */
export const commandAnswerSchema = z.object({
  ok: z.boolean(),
  dryRun: z.boolean(),
  count: z.int().nonnegative(),
  /** What was done, or would be, or why it was not. */
  sentence: z.string(),
  items: z.array(z.string()),
});
export type CommandAnswer = z.infer<typeof commandAnswerSchema>;

/** Answer to `explain`: the state, the exact reason, and what to do. */
export const explanationSchema = z.object({
  ok: z.boolean(),
  state: z.string(),
  reason: z.string(),
  nextAction: z.string(),
});
export type Explanation = z.infer<typeof explanationSchema>;

/** Answer to `audit`: a sentence for each number that differs from the recount. */
export const auditAnswerSchema = z.object({
  ok: z.boolean(),
  batches: z.int().nonnegative(),
  disagreements: z.array(z.string()),
  repaired: z.boolean(),
});
export type AuditAnswer = z.infer<typeof auditAnswerSchema>;
