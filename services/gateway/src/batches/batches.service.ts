import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { type BatchView, jobSubject, type newBatchSchema } from '#libs/contracts';
import { BatchesRepository, type FileSelection } from '#libs/database';
import { ProblemError, unknown } from '../http/problem-error.js';
import { WakeUps } from '../ports.js';
import {
  archivedPipeline,
  duplicateFiles,
  emptyBatch,
  missingInputs,
  unknownFiles,
  unknownInput,
  unknownPipeline,
  unknownSource,
  unknownVersion,
} from './batch-problems.js';
import { BatchReader } from './batch-reader.js';
import { duplicatesOf } from './duplicates.js';
import { AppLives } from './estimates/app-lives.js';
import { ReadableFiles } from './readable-files.js';

type Body = z.output<typeof newBatchSchema>;

/**
 * Creates and starts batches. A batch of 100,000 files is one request: with two cores and durable Postgres, it takes about
 * 3 s to create, nearly half of it for the foreign keys of its runs, and 2 to 10 s to start. If several requests start a
 * batch at the same time, one conditional update decides which of them wakes the scheduler.
 */
@Injectable()
export class BatchesService {
  constructor(
    private readonly batches: BatchesRepository,
    private readonly reader: BatchReader,
    private readonly readable: ReadableFiles,
    private readonly lives: AppLives,
    private readonly wakeUps: WakeUps,
  ) {}

  /** Creates a draft. Throws ProblemError for unknown references, unreadable files, and files named twice. */
  async create(body: Body, createdBy: string): Promise<BatchView> {
    const twice = duplicatesOf(body.files ?? []);
    if (twice.length > 0) throw duplicateFiles(twice);
    const files = selectionOf(body);
    await this.readable.require(body, files);
    const creation = await this.batches.create({ ...body, files, createdBy, reuse: body.reuse ?? true });
    switch (creation.result) {
      case 'created':
        return this.reader.find(creation.id);
      case 'unknown-pipeline':
        throw unknownPipeline(body.pipeline);
      case 'archived-pipeline':
        throw archivedPipeline(creation.pipeline);
      case 'unknown-version':
        throw unknownVersion(body.pipeline, body.version);
      case 'unknown-batch':
        throw unknownSource('batch', body.from?.batch);
      case 'unknown-collection':
        throw unknownSource('collection', body.collection);
      case 'unknown-input':
        throw unknownInput(body.input);
      case 'no-files':
        throw emptyBatch(emptySource(body));
      case 'unknown-files':
        throw unknownFiles(creation);
    }
  }

  /**
   * Starts a draft, or continues after a trial; a batch that already runs with all its files is unchanged.
   * `trial`: run only the first files, this many; 0 runs all; null runs all, or the rest once a trial has ended. Throws
   * ProblemError if files lack their input. Apps that no worker serves are only a warning.
   */
  async start(id: number, by: string, trial: number | null): Promise<{ started: boolean; batch: BatchView }> {
    const warnings = await this.warningsOf(id);
    const result = await this.batches.start(id, { by, trial });
    if (result === 'unknown-batch') throw unknown('batch', id);
    if (result === 'archived')
      throw new ProblemError(
        409,
        'archived-batch',
        'The batch is archived',
        `Batch ${id} is archived. Restore it first (archived: false), then start it.`,
      );
    if (typeof result === 'object') throw missingInputs(result);
    const started = result !== 'already-started';
    if (started) this.wakeUps.wake(jobSubject(id, 'submitted'));
    return { started, batch: { ...(await this.reader.find(id)), ...(result === 'started' ? { warnings } : {}) } };
  }

  /** Apps that a draft would wait for. Called before the start, so that no lock is held while the scheduler answers. */
  private async warningsOf(id: number): Promise<string[]> {
    const draft = await this.reader.find(id);
    if (draft.summary.state !== 'draft') return [];
    return this.lives.warnings(draft.summary.stages.map(({ app }) => app));
  }
}

/** The schema requires exactly one of the three. */
const selectionOf = ({ files, collection, from }: Body): FileSelection =>
  files ?? (collection === undefined ? from! : { collection });

const emptySource = ({ collection, from }: Body): string =>
  from
    ? `No run of batch ${from.batch} is ${from.runs}, so the new batch would be empty. Choose other runs.`
    : `Collection ${collection} is empty. Add files to it, or name another collection.`;
