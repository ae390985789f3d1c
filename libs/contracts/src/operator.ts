import { z } from 'zod';

/** Largest value of a Postgres integer, which numbers batches. */
const MAX_BATCH = 2 ** 31 - 1;
/** The last stage of the longest pipeline. */
const MAX_STAGE = 31;

/** Text that Postgres can store: without NUL characters and unpaired surrogates. */
const text = z.string().refine((value) => !/\0|\p{Surrogate}/u.test(value), {
  message: 'must not contain a NUL character or an unpaired surrogate',
});
/** The person who sends the request; recorded with every command that changes something. */
const actor = text.trim().min(1).max(200).default('operator');
/** Reports what would happen and changes nothing. */
const dryRun = z.boolean().default(false);
const run = z.int().positive();
const batch = z.int().positive().max(MAX_BATCH);
const stage = z.int().nonnegative().max(MAX_STAGE);
const slug = z.string().regex(/^[A-Za-z0-9_-]{1,200}$/, 'name an app by its slug, such as chowda-text_v1-0');
/** Idempotency key of a command: repeating the key returns the first answer without executing the command again. */
const key = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/, 'a key has 1 to 255 visible ASCII characters')
  .optional();
const command = { actor, dryRun };

/** Which ended runs of a batch can be replayed together. */
export const REPLAYED_RUNS = ['failed', 'cancelled'] as const;
export type ReplayedRuns = (typeof REPLAYED_RUNS)[number];

const oneOf = (...names: string[]) =>
  [
    (request: Record<string, unknown>) => names.filter((name) => request[name] !== undefined).length === 1,
    { message: `name exactly one of ${names.join(', ')}` },
  ] as const;

/**
 * Replays ended runs: one run, or the failed or cancelled runs of a batch, optionally of one of its error groups or
 * apps. A run restarts at `stage` (default: the stage at which it ended, or the first one if it is done) with the
 * stored output of the previous stage.
 */
export const replaySchema = z
  .strictObject({
    ...command,
    key,
    run: run.optional(),
    batch: batch.optional(),
    stage: stage.optional(),
    /** Which runs of the batch; default: the failed ones. */
    runs: z.enum(REPLAYED_RUNS).optional(),
    fingerprint: text.optional(),
    app: slug.optional(),
  })
  .refine(...oneOf('run', 'batch'))
  .refine(
    (request) => request.run === undefined || (request.fingerprint ?? request.app ?? request.runs) === undefined,
    {
      message: 'runs, fingerprint and app select runs of a batch: use them with batch, not with run',
    },
  )
  .refine(({ runs, fingerprint }) => runs !== 'cancelled' || fingerprint === undefined, {
    message: 'a fingerprint selects failed runs: omit it for cancelled runs',
    path: ['fingerprint'],
  });
/** Replays the runs of dead letters at that stage: one by its sequence in DEAD, or all of a batch or of an app. */
export const redriveSchema = z
  .strictObject({ ...command, sequence: z.int().positive().optional(), batch: batch.optional(), app: slug.optional() })
  .refine(...oneOf('sequence', 'batch', 'app'));
/**
 * Cancels a batch or one run: waiting stages immediately, stages in progress as soon as their worker sees the request.
 */
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
    message: 'a reason is stored for an app only: omit it for a batch',
    path: ['why'],
  });
/** Holds a batch at a stage: no run of it starts this stage. */
export const holdSchema = z.strictObject({ ...command, key, batch, stage, why: text.trim().max(500).default('') });
/** Resumes a paused batch or app; with `stage`, ends the hold of the batch at that stage. */
export const resumeSchema = z
  .strictObject({ ...command, key, batch: batch.optional(), app: slug.optional(), stage: stage.optional() })
  .refine(...oneOf('batch', 'app'))
  .refine(({ app, stage: held }) => app === undefined || held === undefined, {
    message: 'only a batch can be held at a stage: omit the stage to resume an app',
    path: ['stage'],
  });
/** Drains a worker: it finishes its stages in flight and accepts no other until it is started again. */
export const drainSchema = z.strictObject({
  ...command,
  worker: z.string().regex(/^[A-Za-z0-9_-]{1,200}$/, 'name a worker by its WORKER_ID'),
});
/** Explains why a run, a batch or an app makes no progress. */
export const explainSchema = z
  .strictObject({ run: run.optional(), batch: batch.optional(), app: slug.optional() })
  .refine(...oneOf('run', 'batch', 'app'));
/** Recounts a batch, or all batches; `repair` stores the recount. */
export const auditSchema = z.strictObject({ actor, batch: batch.optional(), repair: z.boolean().default(false) });

/** Schemas of operator requests by verb; the subject is `chowda.<verb>`. */
export const OPERATOR_VERBS = {
  replay: replaySchema,
  redrive: redriveSchema,
  cancel: cancelSchema,
  pause: pauseSchema,
  hold: holdSchema,
  resume: resumeSchema,
  drain: drainSchema,
  explain: explainSchema,
  audit: auditSchema,
} as const;
export type OperatorVerb = keyof typeof OPERATOR_VERBS;
export type OperatorRequest<Verb extends OperatorVerb> = z.output<(typeof OPERATOR_VERBS)[Verb]>;

/** What each verb does, in one sentence, and a valid request; shown by `nats micro info chowda`. */
export const OPERATOR_GUIDE: Readonly<Record<OperatorVerb, { readonly does: string; readonly example: object }>> = {
  replay: {
    does: 'Replays an ended run, or the failed or cancelled runs of a batch, from a stage onwards.',
    example: { run: 17, stage: 1, dryRun: true },
  },
  redrive: {
    does: 'Replays the runs of dead letters: one by its sequence in DEAD, or all of a batch or of an app.',
    example: { sequence: 3, dryRun: true },
  },
  cancel: { does: 'Cancels the unfinished runs of a batch, or one run.', example: { batch: 5, dryRun: true } },
  pause: { does: 'Pauses a batch or an app.', example: { app: 'chowda-text_v1-0', why: 'GPU maintenance' } },
  hold: {
    does: 'Holds a batch at a stage: no file of it starts this stage.',
    example: { batch: 5, stage: 1, why: 'Wrong parameters' },
  },
  resume: {
    does: 'Resumes a paused batch or app, or a batch that is held at a stage.',
    example: { app: 'chowda-text_v1-0' },
  },
  drain: {
    does: 'Drains a worker: it finishes its stages in flight and accepts no other until it is started again.',
    example: { worker: 'gpu-1-4711' },
  },
  explain: { does: 'Explains why a run, a batch or an app makes no progress, and what to do.', example: { run: 17 } },
  audit: { does: 'Compares the counters of a batch, or of all batches, with their runs.', example: { batch: 5 } },
};

/** Name and subject prefix of the NATS service that answers operators, and the version of its interface. */
export const OPERATOR_SERVICE = 'chowda';
export const OPERATOR_SERVICE_VERSION = '1.0.0';
export const operatorSubject = (verb: OperatorVerb) => `${OPERATOR_SERVICE}.${verb}`;

/** Answer to a command: how many runs, batches or apps it affects, and the first of them by name. */
export const commandAnswerSchema = z.object({
  ok: z.literal(true),
  dryRun: z.boolean(),
  count: z.int().nonnegative(),
  /** What was done, or would be. */
  sentence: z.string(),
  items: z.array(z.string()),
  /** From which stages runs are replayed, the first stage first. */
  from: z.array(z.object({ stage: z.int().nonnegative(), app: z.string(), count: z.int().positive() })).optional(),
  /** How many of the requested runs are not replayed, and why. */
  leftOut: z.array(z.object({ count: z.int().positive(), sentence: z.string() })).optional(),
});
export type CommandAnswer = z.infer<typeof commandAnswerSchema>;

/**
 * Answer to a command that may have a key; `replayed`: the command was executed before, and this is the first answer.
 */
export const keyedCommandAnswerSchema = commandAnswerSchema.extend({ replayed: z.literal(true).optional() });
export type KeyedCommandAnswer = z.infer<typeof keyedCommandAnswerSchema>;

/** Answer to `explain`: the state, the exact reason and the next action. */
export const explanationSchema = z.object({
  ok: z.literal(true),
  state: z.string(),
  reason: z.string(),
  nextAction: z.string(),
});
export type Explanation = z.infer<typeof explanationSchema>;

/** Answer to `audit`: a sentence for each number that differs from the recount. */
export const auditAnswerSchema = z.object({
  /** False when a number differs and was not repaired. */
  ok: z.boolean(),
  batches: z.int().nonnegative(),
  disagreements: z.array(z.string()),
  repaired: z.boolean(),
});
export type AuditAnswer = z.infer<typeof auditAnswerSchema>;

/** Answer to a rejected request; headers repeat it in the form that the NATS services API expects. */
export const operatorErrorSchema = z.object({
  ok: z.literal(false),
  /**
   * As in HTTP: 400 invalid, 404 not found, 409 not possible in the current state, 422 the key belongs to another
   * command, 500 internal error.
   */
  code: z.int(),
  /** What went wrong, and what to do. */
  sentence: z.string(),
});
export type OperatorError = z.infer<typeof operatorErrorSchema>;

export type OperatorAnswer<Verb extends OperatorVerb> = Verb extends 'explain'
  ? Explanation
  : Verb extends 'audit'
    ? AuditAnswer
    : KeyedCommandAnswer;
