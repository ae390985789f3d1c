import type { ExportFormat } from '#libs/contracts';
import { ProblemError } from '../http/problem-error.js';
import { REMOVED } from './missing-reason.js';

export const unknownStage = (run: number, stage: number, stages: number): ProblemError =>
  new ProblemError(
    404,
    'unknown-stage',
    'Unknown stage',
    `The pipeline of run ${run} has ${stages} ${stages === 1 ? 'stage' : 'stages'}, counted from 0. There is no stage ${stage}.`,
  );

/** There is no document, or none yet; `reason` is the end of the sentence. */
export const noDocument = (run: number, stage: number, reason: string): ProblemError =>
  new ProblemError(
    409,
    'no-document-yet',
    'No document to export',
    `Run ${run} has no document of stage ${stage}: ${reason}. Select an earlier stage with "stage", or export after this stage has finished.`,
  );

export const removed = (run: number, stage: number): ProblemError =>
  new ProblemError(
    410,
    'document-removed',
    'The document was removed',
    `The document of stage ${stage} of run ${run} was ${REMOVED}. Run the file again to create a new one.`,
  );

/** The document has no content for this format; `reason` is the end of the sentence. */
export const nothingFor = (format: ExportFormat, reason: string): ProblemError =>
  new ProblemError(
    422,
    'nothing-to-export',
    'Nothing to export',
    `The document cannot be exported as ${format}: ${reason}. Choose another format.`,
  );

export const emptyBatch = (batch: number): ProblemError =>
  new ProblemError(
    409,
    'nothing-to-export',
    'Nothing to export',
    `Batch ${batch} has none of the requested documents. Export it after files have finished, or use "stages=all" to include earlier stages.`,
  );

export const busy = (): ProblemError =>
  new ProblemError(
    503,
    'exports-busy',
    'Too many exports at once',
    'The gateway is already processing as many exports as it can. Try again after the time in the Retry-After header.',
  );
