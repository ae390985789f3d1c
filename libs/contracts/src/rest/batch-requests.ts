import { z } from 'zod';

/** Largest number of files in one request. */
export const MAX_BATCH_FILES = 100_000;
/** Largest trial: its results have to be checked by hand. */
export const MAX_TRIAL_FILES = 1000;
/** Largest Postgres integer, the type of batch and collection ids. */
const MAX_INTEGER = 2 ** 31 - 1;

/** The last stage of the longest pipeline. */
const MAX_STAGE = 31;

const name = z.string().trim().min(1).max(200);
const id = z.int().positive().max(MAX_INTEGER);
const guid = z.string().min(1).max(128);
/** Share of the apps' capacity relative to other batches; 100 is normal. */
const weight = z.int().min(1).max(1000);

/** For files without such a document: reject the start, or begin with the blank source document. */
const missing = z.enum(['refuse', 'source']).optional();

/**
 * The input of the first stage for each file: a blank document that names the source; the final document of the file's
 * newest completed run; or the document of one stage (from 0) of another batch. It is chosen when the batch is started.
 * A document that was uploaded for a file takes precedence.
 */
export const inputChoiceSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('source') }),
  z.strictObject({ kind: z.literal('latest'), missing }),
  z.strictObject({ kind: z.literal('stage'), batch: id, stage: z.int().min(0).max(MAX_STAGE), missing }),
]);
export type InputChoice = z.infer<typeof inputChoiceSchema>;

/** Body of `POST /api/batches`: a pipeline and the files to process. */
export const newBatchSchema = z
  .strictObject({
    name,
    /** Name of the pipeline. */
    pipeline: name,
    /** Version number; default: the newest version at this moment. The batch keeps it. */
    version: id.optional(),
    /** GUIDs of the media files, in the order of the rows. */
    files: z.array(guid).min(1, 'a batch has at least one file').max(MAX_BATCH_FILES).optional(),
    /** Id of a collection; its files are added in the order of their registration. */
    collection: id.optional(),
    /** Files of another batch whose runs ended in this state, in the order of its rows. */
    from: z.strictObject({ batch: id, runs: z.enum(['failed', 'done', 'all']) }).optional(),
    /** Default: the blank source. */
    input: inputChoiceSchema.optional(),
    /** Reuses stages that an earlier run completed with the same app, parameters and input; default true. */
    reuse: z.boolean().optional(),
    /** Default 100. */
    weight: weight.optional(),
    /** Number of files that the first start runs. */
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
 * Body of `POST /api/batches/{id}/start`. `trial`: run only this number of files; 0: run all of them, even while a
 * trial is in progress. Default: a draft starts as it was created; a batch whose trial has ended runs the remaining
 * files.
 */
export const startBatchSchema = z.strictObject({ trial: z.int().min(0).max(MAX_TRIAL_FILES).optional() }).prefault({});
export type StartBatch = z.input<typeof startBatchSchema>;

/** Body of `PATCH /api/batches/{id}`. */
export const editBatchSchema = z
  .strictObject({
    name: name.optional(),
    /** Takes effect immediately, including for a running batch. */
    weight: weight.optional(),
    /** Archived batches are not listed; a running batch cannot be archived. */
    archived: z.boolean().optional(),
    /** Drafts only. */
    input: inputChoiceSchema.optional(),
    /** Drafts only. */
    reuse: z.boolean().optional(),
  })
  .refine((edit) => Object.values(edit).some((value) => value !== undefined), {
    message: 'provide at least one of name, weight, archived, input and reuse',
  });
export type EditBatch = z.input<typeof editBatchSchema>;

/** Body of `POST /api/batches/{id}/files`: GUIDs to add to a draft and to remove from it. */
export const editBatchFilesSchema = z
  .strictObject({
    add: z.array(guid).max(MAX_BATCH_FILES).default([]),
    remove: z.array(guid).max(MAX_BATCH_FILES).default([]),
  })
  .refine(({ add, remove }) => add.length + remove.length > 0, { message: 'name files to add or to remove' });
export type EditBatchFiles = z.input<typeof editBatchFilesSchema>;

/** Answer to `POST /api/batches/{id}/files`. */
export const editedBatchFilesSchema = z.object({
  added: z.int(),
  removed: z.int(),
  /** Files to add that the draft already had. */
  present: z.int(),
  /** Files to remove that the draft did not have. */
  absent: z.int(),
  /** Number of files in the batch after the change. */
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
  /** Pipeline of the new batch; default: the version that all batches share. */
  pipeline: name.optional(),
  version: id.optional(),
  /** Default: the input choice that all batches share. */
  input: inputChoiceSchema.optional(),
});
export type CombineBatches = z.input<typeof combineBatchesSchema>;

/** Answer of `PUT /api/batches/{id}/inputs/{guid}`: the MMIF document that the run of this file starts with. */
export const batchInputSchema = z.object({ guid: z.string(), sha256: z.string(), bytes: z.int() });
export type BatchInput = z.infer<typeof batchInputSchema>;
