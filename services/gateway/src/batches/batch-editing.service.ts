import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import {
  type BatchView,
  type combineBatchesSchema,
  type EditBatch,
  type EditedBatchFiles,
  type editBatchFilesSchema,
  jobSubject,
} from '#libs/contracts';
import { type BatchCopied, BatchCopiesRepository, BatchEditsRepository, type FileSelection } from '#libs/database';
import { ProblemError, unknown } from '../http/problem-error.js';
import { WakeUps } from '../ports.js';
import {
  archivedPipeline,
  duplicateFiles,
  emptyBatch,
  notDraft,
  unknownFiles,
  unknownInput,
  unknownPipeline,
  unknownSource,
  unknownVersion,
} from './batch-problems.js';
import { BatchReader } from './batch-reader.js';
import { duplicatesOf } from './duplicates.js';
import { ReadableFiles } from './readable-files.js';

/** Changes batches, and creates drafts from other batches. A batch that was started cannot be changed, only copied. */
@Injectable()
export class BatchEditingService {
  constructor(
    private readonly reader: BatchReader,
    private readonly readable: ReadableFiles,
    private readonly edits: BatchEditsRepository,
    private readonly copies: BatchCopiesRepository,
    private readonly wakeUps: WakeUps,
  ) {}

  /** Throws ProblemError for an unknown batch or input, a batch that was started, and archiving a running batch. */
  async edit(id: number, edit: EditBatch, actor: string): Promise<BatchView> {
    if (edit.input) await this.requireReadable(id, edit, { batch: id, runs: 'all' });
    const result = await this.edits.edit(id, edit, actor);
    if (result === 'unknown-batch') throw unknown('batch', id);
    if (result === 'not-draft') throw notDraft(id);
    if (result === 'unknown-input') throw unknownInput(edit.input);
    if (result === 'running')
      throw new ProblemError(
        409,
        'running-batch',
        'The batch is running',
        `Batch ${id} is running. Wait until it finishes or cancel it, then archive it.`,
      );
    // The scheduler then publishes the change, so that open pages show it at once.
    this.wakeUps.wake(jobSubject(id, 'edited'));
    return this.reader.find(id);
  }

  /**
   * Adds and removes files, all or none. Throws ProblemError for a batch that was started, unknown or unreadable files,
   * and a batch that would be empty.
   */
  async editFiles(
    id: number,
    { add, remove }: z.output<typeof editBatchFilesSchema>,
    actor: string,
  ): Promise<EditedBatchFiles> {
    const twice = duplicatesOf([...add, ...remove]);
    if (twice.length > 0) throw duplicateFiles(twice);
    await this.requireReadable(id, {}, add);
    const edit = await this.edits.editFiles(id, { add, remove }, actor);
    switch (edit.result) {
      case 'edited': {
        const { added, removed, files } = edit;
        return { added, removed, files, present: add.length - added, absent: remove.length - removed };
      }
      case 'unknown-batch':
        throw unknown('batch', id);
      case 'not-draft':
        throw notDraft(id);
      case 'no-files':
        throw emptyBatch(`Batch ${id} would have no files left. Keep at least one file, or delete the batch.`);
      case 'unknown-files':
        throw unknownFiles(edit);
    }
  }

  /** Creates a draft with the files, pipeline and input of another batch. */
  async duplicate(id: number, name: string | null, createdBy: string): Promise<BatchView> {
    const copied = await this.copies.copy({ name, batches: [id], pipeline: null, input: null, createdBy });
    if (copied.result === 'unknown-batch') throw unknown('batch', id);
    return this.copied(copied, {});
  }

  /** Creates a draft from several batches. Throws ProblemError if their pipelines or inputs differ and none is named. */
  async combine(body: z.output<typeof combineBatchesSchema>, createdBy: string): Promise<BatchView> {
    const { name, batches, pipeline, version, input = null } = body;
    const chosen = pipeline === undefined ? null : { name: pipeline, version: version ?? null };
    const copied = await this.copies.copy({ name, batches: [...new Set(batches)], pipeline: chosen, input, createdBy });
    return this.copied(copied, body);
  }

  /** Throws ProblemError if the draft could not read these files with its input after the edit. */
  private async requireReadable(id: number, edit: EditBatch, files: FileSelection): Promise<void> {
    const { pipeline, input } = await this.reader.find(id);
    const { name, version } = pipeline;
    await this.readable.require({ pipeline: name, version, input: edit.input ?? input }, files);
  }

  private copied(copied: BatchCopied, asked: Partial<z.output<typeof combineBatchesSchema>>): Promise<BatchView> {
    switch (copied.result) {
      case 'created':
        return this.reader.find(copied.id);
      case 'unknown-batch':
        throw unknownSource('batch', copied.batch);
      case 'unknown-pipeline':
        throw unknownPipeline(asked.pipeline!);
      case 'archived-pipeline':
        throw archivedPipeline(copied.pipeline);
      case 'unknown-version':
        throw unknownVersion(asked.pipeline!, asked.version);
      case 'unknown-input':
        throw unknownInput(asked.input);
      case 'different-inputs':
        throw new ProblemError(
          422,
          'different-inputs',
          'The batches have different inputs',
          'Choose the input of the new batch (input).',
        );
      case 'different-pipelines':
        throw new ProblemError(
          422,
          'different-pipelines',
          'The batches have different pipelines',
          `Name the pipeline of the new batch. These batches have ${copied.pipelines.join(', ')}.`,
        );
    }
  }
}
