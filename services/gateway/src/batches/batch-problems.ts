import { countOf, firstOf, type InputChoice } from '#libs/contracts';
import type { BatchCreation, BatchFilesEdit, MissingInputs } from '#libs/database';
import { ProblemError, unknownName } from '../http/problem-error.js';
import type { ProblemName, UnknownNoun } from '../http/problem-types.js';

/** An error names this many GUIDs and counts the others. */
export const NAMED_GUIDS = 20;

/** Media files that are refused; `state` completes "n media files are …" with the reason and what to do. */
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
  filesProblem('duplicate-files', 'Files are named more than once', 'named more than once; name each file once', {
    guids,
  });

export const unknownFiles = (unknown: Extract<BatchCreation | BatchFilesEdit, { result: 'unknown-files' }>) =>
  filesProblem(
    'unknown-files',
    'Unknown media files',
    'not registered; register them first, or leave them out',
    unknown,
  );

export const unknownPipeline = (name: string): ProblemError =>
  new ProblemError(
    422,
    'unknown-pipeline',
    'No such pipeline',
    `There is no pipeline "${name}". Save it first, or find its name in the list of pipelines.`,
  );

export const archivedPipeline = (name: string): ProblemError =>
  new ProblemError(
    409,
    'pipeline-archived',
    'The pipeline is archived',
    `"${name}" is archived and accepts no new batches. Restore it first (archived: false), or use another pipeline.`,
  );

export const unknownVersion = (pipeline: string, version: number | undefined): ProblemError =>
  new ProblemError(
    422,
    'unknown-version',
    'No such version',
    `Pipeline "${pipeline}" has no version ${version}. Find the number in its list of versions, or omit it to use the newest version.`,
  );

export const unknownInput = (input: InputChoice | undefined): ProblemError =>
  new ProblemError(
    422,
    'unknown-input',
    'No such input',
    input?.kind === 'stage'
      ? `There is no batch ${input.batch} with a stage ${input.stage}. Check the batch and its stages, which are counted from 0.`
      : 'Choose another input.',
  );

export const missingInputs = ({ count, guids }: MissingInputs): ProblemError =>
  filesProblem(
    'missing-inputs',
    'Files without the chosen input',
    "without a document in the chosen input; leave them out, upload a document for each, or start them from their source (missing: 'source')",
    { guids, count },
  );

/** The resource from which a batch should take its files does not exist. */
export const unknownSource = (noun: UnknownNoun, id: number | undefined): ProblemError =>
  new ProblemError(422, unknownName(noun), `No such ${noun}`, `There is no ${noun} ${id}. Find it in its list.`);

export const emptyBatch = (detail: string): ProblemError =>
  new ProblemError(422, 'empty-batch', 'The batch would be empty', detail);

export const notDraft = (id: number): ProblemError =>
  new ProblemError(
    409,
    'not-draft',
    'The batch was started',
    `Batch ${id} was started and can no longer be changed. Duplicate it, and change the copy.`,
  );
