import { Injectable } from '@nestjs/common';
import { type Attempt, DocumentsRepository } from '#libs/database';
import { ProblemError } from '../http/problem-error.js';

/** Names the output of a stage, of the try that stands or of an earlier one. */
export interface StageOutput {
  readonly run: number;
  readonly index: number;
  readonly attempt?: Attempt | undefined;
}

type Found = Exclude<Awaited<ReturnType<DocumentsRepository['ofStage']>>, 'removed' | null>;
type Stored = NonNullable<Awaited<ReturnType<DocumentsRepository['find']>>>;

/** Outputs of stages; throws ProblemError where there is none. */
@Injectable()
export class StageDocuments {
  constructor(private readonly documents: DocumentsRepository) {}

  /** What is known of an output without reading it. */
  async find(output: StageOutput): Promise<Found> {
    const { run, index, attempt = null } = output;
    const document = await this.documents.ofStage(run, index, attempt);
    if (document === null) throw noDocument(output);
    if (document === 'removed') throw removed(output);
    return document;
  }

  /** The bytes of an output that `find` has found, as they are stored. */
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
    `Stage ${index} of run ${run} has no document: it is not done, or there is no such stage. Look at the run's stages.`,
  );

const removed = ({ run, index }: StageOutput) =>
  new ProblemError(
    410,
    'document-removed',
    'The document was removed',
    `The document of stage ${index} of run ${run} was removed, as the retention of its batch says. ` +
      'Run it again to have it once more.',
  );
