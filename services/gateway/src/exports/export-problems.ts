import type { ExportFormat } from '#libs/contracts';
import { ProblemError } from '../http/problem-error.js';
import { REMOVED } from './why-missing.js';

export const noSuchStage = (run: number, stage: number, stages: number): ProblemError =>
  new ProblemError(
    404,
    'unknown-stage',
    'No such stage',
    `The pipeline of run ${run} has ${stages} ${stages === 1 ? 'stage' : 'stages'}, counted from 0: there is no stage ${stage}.`,
  );

/** There is no document, or none yet; `why` is the end of the sentence. */
export const notExported = (run: number, stage: number, why: string): ProblemError =>
  new ProblemError(
    409,
    'no-document-yet',
    'No document to export',
    `Run ${run} has no document of stage ${stage}: ${why}. Name an earlier stage with "stage", or export it when it is done.`,
  );

export const removed = (run: number, stage: number): ProblemError =>
  new ProblemError(
    410,
    'document-removed',
    'The document was removed',
    `The document of stage ${stage} of run ${run} was ${REMOVED}. Run it again to have it once more.`,
  );

/** The document has nothing for this format; `why` is the end of the sentence. */
export const nothingFor = (format: ExportFormat, why: string): ProblemError =>
  new ProblemError(
    422,
    'nothing-to-export',
    'Nothing to export',
    `There is no ${format} file to be made: ${why}. Take another format.`,
  );

export const emptyBatch = (batch: number): ProblemError =>
  new ProblemError(
    409,
    'nothing-to-export',
    'Nothing to export',
    `Batch ${batch} has no document that was asked for. Export it when files are done, or take "stages=all" for those of earlier stages.`,
  );

export const busy = (): ProblemError =>
  new ProblemError(
    503,
    'exports-busy',
    'Too many exports at once',
    'As many batches as the gateway can handle are being exported. Try again when one of them has ended.',
  );
