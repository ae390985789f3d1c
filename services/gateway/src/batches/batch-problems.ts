import { countOf, firstOf, type InputChoice } from '#libs/contracts';
import type { BatchCreation, BatchFilesEdit, MissingInputs } from '#libs/database';
import { ProblemError, unknownName } from '../http/problem-error.js';
import type { ProblemName, UnknownNoun } from '../http/problem-types.js';

/** A refusal names this many GUIDs and counts the others. */
export const NAMED_GUIDS = 20;

/** Media files that cannot be taken: `state` says what they are, and what to do about it. */
export function filesProblem(
  name: ProblemName,
  title: string,
  state: string,
  { guids, count = guids.length }: { readonly guids: readonly string[]; readonly count?: number },
): ProblemError {
  const files = `${countOf(count, 'media file')} ${count === 1 ? 'is' : 'are'}`;
  return new ProblemError(422, name, title, `${files} ${state}: ${firstOf(guids, NAMED_GUIDS, count)}.`);
}

export const duplicateFiles = (guids: readonly string[]): ProblemError =>
  filesProblem('duplicate-files', 'Files are named twice', 'named more than once: name each once', { guids });

export const unknownFiles = (unknown: Extract<BatchCreation | BatchFilesEdit, { result: 'unknown-files' }>) =>
  filesProblem(
    'unknown-files',
    'Unknown media files',
    'not registered: register them first, or leave them out',
    unknown,
  );

export const unknownPipeline = (name: string): ProblemError =>
  new ProblemError(
    422,
    'unknown-pipeline',
    'No such pipeline',
    `There is no pipeline "${name}". Save it first, or use the name of one in the list of pipelines.`,
  );

/** Batches that there are go on with it. */
export const archivedPipeline = (name: string): ProblemError =>
  new ProblemError(
    409,
    'pipeline-archived',
    'The pipeline is archived',
    `"${name}" is archived, and takes no new batches. Take it back first (archived: false), or use another pipeline.`,
  );

export const unknownVersion = (pipeline: string, version: number | undefined): ProblemError =>
  new ProblemError(
    422,
    'unknown-version',
    'No such version',
    `Pipeline "${pipeline}" has no version ${version}. Look its versions up, or leave the number out for the newest one.`,
  );

export const unknownInput = (input: InputChoice | undefined): ProblemError =>
  new ProblemError(
    422,
    'unknown-input',
    'No such stage to begin with',
    input?.kind === 'stage'
      ? `Batch ${input.batch} with a stage ${input.stage} (from 0) is not there. Look the batch and its stages up.`
      : 'Choose another input.',
  );

/** Files that have no document of those that were chosen. */
export const missingInputs = ({ count, guids }: MissingInputs): ProblemError =>
  filesProblem(
    'missing-inputs',
    'Files without the chosen input',
    "without the document that was chosen to begin with: leave them out, upload one, or let them begin with their source (missing: 'source')",
    { guids, count },
  );

/** Where the files of a batch should come from is not there. */
export const unknownSource = (noun: UnknownNoun, id: number | undefined): ProblemError =>
  new ProblemError(422, unknownName(noun), `No such ${noun}`, `There is no ${noun} ${id}. Look it up in its list.`);

export const emptyBatch = (detail: string): ProblemError =>
  new ProblemError(422, 'empty-batch', 'A batch without files', detail);

/** A batch that was started is what it is. */
export const notDraft = (id: number): ProblemError =>
  new ProblemError(
    409,
    'not-draft',
    'The batch was started',
    `Batch ${id} was started, and what it consists of does not change any more. Duplicate it, and change the copy.`,
  );
