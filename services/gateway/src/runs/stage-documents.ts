import { Injectable } from '@nestjs/common';
import { type Attempt, DocumentsRepository } from '#libs/database';
import { ProblemError } from '../http/problem-error.js';

/** Identifies the output of a stage: the current one, or that of an attempt. */
export interface StageOutput {
  readonly run: number;
  readonly index: number;
  readonly attempt?: Attempt | undefined;
}

type Found = Exclude<Awaited<ReturnType<DocumentsRepository['ofStage']>>, 'removed' | null>;
type Stored = NonNullable<Awaited<ReturnType<DocumentsRepository['find']>>>;

/** Finds outputs of stages; throws ProblemError if there is none or it was removed. */
@Injectable()
export class StageDocuments {
  constructor(private readonly documents: DocumentsRepository) {}

  /** The properties of an output, without its bytes. */
  async find(output: StageOutput): Promise<Found> {
    const { run, index, attempt = null } = output;
    const document = await this.documents.ofStage(run, index, attempt);
    if (document === null) throw noDocument(output);
    if (document === 'removed') throw removed(output);
    return document;
  }

  /** The stored bytes of an output that `find` returned. */
  async read(output: StageOutput, { sha256 }: Pick<Found, 'sha256'>): Promise<Stored> {
    const stored = await this.documents.find(sha256);
    if (!stored) throw removed(output);
    return stored;
  }
}

const noDocument = ({ run, index }: StageOutput) =>
  new ProblemError(
    404,
    'no-document',
    'No document',
    `Stage ${index} of run ${run} has no document: it is not done, or there is no such stage. Check the stages of the run.`,
  );

const removed = ({ run, index }: StageOutput) =>
  new ProblemError(
    410,
    'document-removed',
    'The document was removed',
    `The document of stage ${index} of run ${run} was removed by the retention rule of its batch. ` +
      'To produce it again, run the stage again.',
  );
