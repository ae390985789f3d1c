import { z } from 'zod';

/** Files that a batch takes at most in one request. */
export const MAX_BATCH_FILES = 100_000;
/** A trial is for looking at its results: this many files at most. */
export const MAX_TRIAL_FILES = 1000;
/** Largest value of a Postgres integer, which numbers batches and collections. */
const MAX_INTEGER = 2 ** 31 - 1;

/** The last stage of the longest pipeline. */
const MAX_STAGE = 31;

const name = z.string().trim().min(1).max(200);
const id = z.int().positive().max(MAX_INTEGER);
const guid = z.string().min(1).max(128);
/** Share of the apps that a batch gets beside others; 100 is usual. */
const weight = z.int().min(1).max(1000);

/** What becomes of files that have no such document: the start is refused, or they begin with their blank source. */
const missing = z.enum(['refuse', 'source']).optional();

/**
 * What the first stage is given of each file: a blank document that names its source; the final document of its newest
 * run that is done; or the document of one stage (from 0) of another batch. It is looked up when the batch is started.
 * A document that was uploaded for a file goes before it.
 */
export const inputChoiceSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('source') }),
  z.strictObject({ kind: z.literal('latest'), missing }),
  z.strictObject({ kind: z.literal('stage'), batch: id, stage: z.int().min(0).max(MAX_STAGE), missing }),
]);
export type InputChoice = z.infer<typeof inputChoiceSchema>;

/** Body of `POST /api/batches`: which files pass through which pipeline. */
export const newBatchSchema = z
  .strictObject({
    name,
    /** Name of the pipeline. */
    pipeline: name,
    /** Number of its version; default: its newest one of this moment. The batch keeps it. */
    version: id.optional(),
    /** GUIDs of the media files, in the order of the rows. */
    files: z.array(guid).min(1, 'a batch has at least one file').max(MAX_BATCH_FILES).optional(),
    /** Id of a collection, whose files are taken in the order of their registration. */
    collection: id.optional(),
    /** Files of another batch: those whose runs ended so, in the order of its rows. */
    from: z.strictObject({ batch: id, runs: z.enum(['failed', 'done', 'all']) }).optional(),
    /** Default: the blank source. */
    input: inputChoiceSchema.optional(),
    /** Takes over stages that an earlier run has finished with the same app, parameters and input; default true. */
    reuse: z.boolean().optional(),
    /** Default 100. */
    weight: weight.optional(),
    /** Its first start takes only so many files. */
    trial: z.int().min(1).max(MAX_TRIAL_FILES).optional(),
  })
  .refine(
    ({ files, collection, from }) => [files, collection, from].filter((given) => given !== undefined).length === 1,
    {
      message: 'name exactly one of files, collection and from',
      path: ['files'],
    },
  );
export type NewBatch = z.input<typeof newBatchSchema>;

/**
 * Body of `POST /api/batches/{id}/start`. `trial`: only the first so many files; 0: all of them, also while a trial is
 * under way. Left out: a draft starts as it was created, and a batch whose trial has ended goes on with the rest.
 */
export const startBatchSchema = z.strictObject({ trial: z.int().min(0).max(MAX_TRIAL_FILES).optional() }).prefault({});
export type StartBatch = z.input<typeof startBatchSchema>;

/** Body of `PATCH /api/batches/{id}`. */
export const editBatchSchema = z
  .strictObject({
    name: name.optional(),
    /** Counts at once, also for a batch that runs. */
    weight: weight.optional(),
    /** Not listed any more; only what does not run is archived. */
    archived: z.boolean().optional(),
    /** Of a draft. */
    input: inputChoiceSchema.optional(),
    /** Of a draft. */
    reuse: z.boolean().optional(),
  })
  .refine((edit) => Object.values(edit).some((value) => value !== undefined), {
    message: 'say what is to change: name, weight, archived, input or reuse',
  });
export type EditBatch = z.input<typeof editBatchSchema>;

/** Body of `POST /api/batches/{id}/files`: GUIDs to take into a draft, and out of it. */
export const editBatchFilesSchema = z
  .strictObject({
    add: z.array(guid).max(MAX_BATCH_FILES).default([]),
    remove: z.array(guid).max(MAX_BATCH_FILES).default([]),
  })
  .refine(({ add, remove }) => add.length + remove.length > 0, { message: 'name files to add or to remove' });
export type EditBatchFiles = z.input<typeof editBatchFilesSchema>;

/** What became of the files of a draft. */
export const editedBatchFilesSchema = z.object({
  added: z.int(),
  removed: z.int(),
  /** Files to add that were there already. */
  present: z.int(),
  /** Files to remove that were not there. */
  absent: z.int(),
  /** Files of the batch now. */
  files: z.int(),
});
export type EditedBatchFiles = z.infer<typeof editedBatchFilesSchema>;

/** Body of `POST /api/batches/{id}/duplicate`. */
export const duplicateBatchSchema = z.strictObject({ name: name.optional() }).prefault({});
export type DuplicateBatch = z.input<typeof duplicateBatchSchema>;

/** Body of `POST /api/batches/combine`: a draft with the files of several batches, each file once. */
export const combineBatchesSchema = z.strictObject({
  name,
  batches: z.array(id).min(2, 'name at least two batches').max(200),
  /** Pipeline of the new batch; default: the version that all of them have. */
  pipeline: name.optional(),
  version: id.optional(),
  /** Default: what all of them have. */
  input: inputChoiceSchema.optional(),
});
export type CombineBatches = z.input<typeof combineBatchesSchema>;

/** Answer of `PUT /api/batches/{id}/inputs/{guid}`: the MMIF document that this file begins with. */
export const batchInputSchema = z.object({ guid: z.string(), sha256: z.string(), bytes: z.int() });
export type BatchInput = z.infer<typeof batchInputSchema>;
