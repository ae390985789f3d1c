import { z } from 'zod';

/** Largest value of a Postgres integer, which numbers batches. */
const MAX_BATCH = 2 ** 31 - 1;
/** The last stage of the longest pipeline. */
const MAX_STAGE = 31;

/** A text that Postgres can hold: no NUL, no half of a surrogate pair. */
const text = z
  .string()
  .refine((value) => !/\0|\p{Surrogate}/u.test(value), { message: 'it holds a NUL or half a character' });
/** Who asks; every command that changes something is recorded with it. */
const actor = text.trim().min(1).max(200).default('operator');
/** Tells what would happen, and changes nothing. */
const dryRun = z.boolean().default(false);
const run = z.int().positive();
const batch = z.int().positive().max(MAX_BATCH);
const slug = z.string().regex(/^[A-Za-z0-9_-]{1,200}$/, 'an app is named by its slug, such as chowda-text_v1-0');
/** Names a command of its actor: with the same key again, it is answered as the first time and not done again. */
const key = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/, 'a key has 1 to 255 visible ASCII characters')
  .optional();
const command = { actor, dryRun };

/** Ended runs of a batch that can go through stages again together. */
export const REPLAYED_RUNS = ['failed', 'cancelled'] as const;
export type ReplayedRuns = (typeof REPLAYED_RUNS)[number];

const oneOf = (...names: string[]) =>
  [
    (request: Record<string, unknown>) => names.filter((name) => request[name] !== undefined).length === 1,
    { message: `name exactly one of ${names.join(', ')}` },
  ] as const;

/**
 * Runs that go through stages again: one that has ended, or the failed or cancelled ones of a batch, of one error group
 * of it, or of one app in it. A run goes on from `stage` (default: the stage at which it ended; the first one when it is done), with
 * the stored output of the stage before.
 */
export const replaySchema = z
  .strictObject({
    ...command,
    key,
    run: run.optional(),
    batch: batch.optional(),
    stage: z.int().nonnegative().max(MAX_STAGE).optional(),
    /** Which runs of the batch: those that failed, unless it says otherwise. */
    runs: z.enum(REPLAYED_RUNS).optional(),
    fingerprint: text.optional(),
    app: slug.optional(),
  })
  .refine(...oneOf('run', 'batch'))
  .refine(
    (request) => request.run === undefined || (request.fingerprint ?? request.app ?? request.runs) === undefined,
    {
      message: 'runs, fingerprint and app choose among the runs of a batch: name that, and no run',
    },
  )
  .refine(({ runs, fingerprint }) => runs !== 'cancelled' || fingerprint === undefined, {
    message: 'a fingerprint is of failures: leave it out for cancelled runs',
    path: ['fingerprint'],
  });
/** Dead letters whose runs go through that stage again: one by its sequence in DEAD, or all of a batch or of an app. */
export const redriveSchema = z
  .strictObject({ ...command, sequence: z.int().positive().optional(), batch: batch.optional(), app: slug.optional() })
  .refine(...oneOf('sequence', 'batch', 'app'));
/** Ends a batch or one run: what waits at once, what is under way at its workers. */
export const cancelSchema = z
  .strictObject({ ...command, key, batch: batch.optional(), run: run.optional() })
  .refine(...oneOf('batch', 'run'));
export const pauseSchema = z
  .strictObject({
    ...command,
    key,
    batch: batch.optional(),
    app: slug.optional(),
    why: text.trim().max(500).default(''),
  })
  .refine(...oneOf('batch', 'app'))
  .refine(({ app, why }) => app !== undefined || why === '', {
    message: 'a reason is kept with an app only: leave it out for a batch',
    path: ['why'],
  });
export const resumeSchema = z
  .strictObject({ ...command, key, batch: batch.optional(), app: slug.optional() })
  .refine(...oneOf('batch', 'app'));
/** Why is this not running? */
export const explainSchema = z
  .strictObject({ run: run.optional(), batch: batch.optional(), app: slug.optional() })
  .refine(...oneOf('run', 'batch', 'app'));
/** Recounts a batch, or all of them; `repair` writes the recount. */
export const auditSchema = z.strictObject({ actor, batch: batch.optional(), repair: z.boolean().default(false) });

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

/** What each verb does in a sentence, and a request that fits; shown by `nats micro info chowda`. */
export const OPERATOR_GUIDE: Readonly<Record<OperatorVerb, { readonly does: string; readonly example: object }>> = {
  replay: {
    does: 'Runs a run again that has ended, or the failed or cancelled ones of a batch, from a stage on.',
    example: { run: 17, stage: 1, dryRun: true },
  },
  redrive: {
    does: 'Runs the stages of dead letters again: one by its sequence in DEAD, or all of a batch or of an app.',
    example: { sequence: 3, dryRun: true },
  },
  cancel: { does: 'Cancels what is left of a batch, or one run.', example: { batch: 5, dryRun: true } },
  pause: { does: 'Pauses a batch or an app.', example: { app: 'chowda-text_v1-0', why: 'GPU maintenance' } },
  resume: { does: 'Lets a paused batch or app go on.', example: { app: 'chowda-text_v1-0' } },
  explain: { does: 'Tells why a run, a batch or an app is not getting on, and what to do.', example: { run: 17 } },
  audit: { does: 'Compares the counters of a batch, or of all, with its runs.', example: { batch: 5 } },
};

/** Name and subject prefix of the NATS service that answers operators, and the version of what it understands. */
export const OPERATOR_SERVICE = 'chowda';
export const OPERATOR_SERVICE_VERSION = '1.0.0';
export const operatorSubject = (verb: OperatorVerb) => `${OPERATOR_SERVICE}.${verb}`;

/** Answer to a command: how many it concerns, and the first of them by name. */
export const commandAnswerSchema = z.object({
  ok: z.literal(true),
  dryRun: z.boolean(),
  count: z.int().nonnegative(),
  /** What was done, or would be. */
  sentence: z.string(),
  items: z.array(z.string()),
  /** Of runs that go again: from which stages, the first one first. */
  from: z.array(z.object({ stage: z.int().nonnegative(), app: z.string(), count: z.int().positive() })).optional(),
  /** Of runs that were asked for and do not go again: how many, and why. */
  leftOut: z.array(z.object({ count: z.int().positive(), sentence: z.string() })).optional(),
});
export type CommandAnswer = z.infer<typeof commandAnswerSchema>;

/** Answer to a command that may carry a key; `replayed`: it was done before, and this is what was answered then. */
export const keyedCommandAnswerSchema = commandAnswerSchema.extend({ replayed: z.literal(true).optional() });
export type KeyedCommandAnswer = z.infer<typeof keyedCommandAnswerSchema>;

/** Answer to `explain`: the state, the exact reason, and what to do. */
export const explanationSchema = z.object({
  ok: z.literal(true),
  state: z.string(),
  reason: z.string(),
  nextAction: z.string(),
});
export type Explanation = z.infer<typeof explanationSchema>;

/** Answer to `audit`: a sentence for each number that differs from the recount. */
export const auditAnswerSchema = z.object({
  /** False when something differs and was not repaired. */
  ok: z.boolean(),
  batches: z.int().nonnegative(),
  disagreements: z.array(z.string()),
  repaired: z.boolean(),
});
export type AuditAnswer = z.infer<typeof auditAnswerSchema>;

/** Answer to a request that is refused; headers say the same as the services API wants it. */
export const operatorErrorSchema = z.object({
  ok: z.literal(false),
  /** As in HTTP: 400 does not fit, 404 no such thing, 409 not in its present state, 422 the key was used for another command, 500 went wrong here. */
  code: z.int(),
  /** Why, and what to do. */
  sentence: z.string(),
});
export type OperatorError = z.infer<typeof operatorErrorSchema>;

export type OperatorAnswer<Verb extends OperatorVerb> = Verb extends 'explain'
  ? Explanation
  : Verb extends 'audit'
    ? AuditAnswer
    : KeyedCommandAnswer;
