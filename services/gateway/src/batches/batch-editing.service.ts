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
import { BatchesService } from './batches.service.js';
import { duplicatesOf } from './duplicates.js';

/** Changes batches, and makes drafts of them. */
@Injectable()
export class BatchEditingService {
  constructor(
    private readonly batches: BatchesService,
    private readonly edits: BatchEditsRepository,
    private readonly copies: BatchCopiesRepository,
    private readonly wakeUps: WakeUps,
  ) {}

  /** Throws ProblemError for an unknown batch, and when one that runs is to be archived. */
  async edit(id: number, edit: EditBatch, actor: string): Promise<BatchView> {
    if (edit.input) await this.refuseUnreadable(id, edit, { batch: id, runs: 'all' });
    const result = await this.edits.edit(id, edit, actor);
    if (result === 'unknown-batch') throw unknown('batch', id);
    if (result === 'not-draft') throw notDraft(id);
    if (result === 'unknown-input') throw unknownInput(edit.input);
    if (result === 'running')
      throw new ProblemError(
        409,
        'running-batch',
        'The batch runs',
        `Batch ${id} runs: wait for its end or cancel it, then archive it.`,
      );
    // Who looks at it hears of the change at once.
    this.wakeUps.wake(jobSubject(id, 'edited'));
    return this.batches.find(id);
  }

  /** Throws ProblemError for a batch that was started, files that are unknown or cannot be read, and an empty batch. */
  async editFiles(
    id: number,
    { add, remove }: z.output<typeof editBatchFilesSchema>,
    actor: string,
  ): Promise<EditedBatchFiles> {
    const twice = duplicatesOf([...add, ...remove]);
    if (twice.length > 0) throw duplicateFiles(twice);
    await this.refuseUnreadable(id, {}, add);
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
        throw emptyBatch(`Batch ${id} would have no file left: keep one, or delete the batch.`);
      case 'unknown-files':
        throw unknownFiles(edit);
    }
  }

  /** A draft like another batch. */
  async duplicate(id: number, name: string | null, createdBy: string): Promise<BatchView> {
    const copied = await this.copies.copy({ name, batches: [id], pipeline: null, input: null, createdBy });
    if (copied.result === 'unknown-batch') throw unknown('batch', id);
    return this.copied(copied, {});
  }

  /** A draft of several batches; throws ProblemError when their pipelines differ and none is named. */
  async combine(body: z.output<typeof combineBatchesSchema>, createdBy: string): Promise<BatchView> {
    const { name, batches, pipeline, version, input = null } = body;
    const chosen = pipeline === undefined ? null : { name: pipeline, version: version ?? null };
    const copied = await this.copies.copy({ name, batches: [...new Set(batches)], pipeline: chosen, input, createdBy });
    return this.copied(copied, body);
  }

  /** Files that a draft could not take, with what it begins with now or after an edit. */
  private async refuseUnreadable(id: number, edit: EditBatch, files: FileSelection): Promise<void> {
    const { pipeline, input } = await this.batches.find(id);
    const { name, version } = pipeline;
    await this.batches.refuseUnreadable({ pipeline: name, version, input: edit.input ?? input }, files);
  }

  private copied(copied: BatchCopied, asked: Partial<z.output<typeof combineBatchesSchema>>): Promise<BatchView> {
    switch (copied.result) {
      case 'created':
        return this.batches.find(copied.id);
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
          'The batches begin with different documents',
          'Choose what the new batch begins with (input).',
        );
      case 'different-pipelines':
        throw new ProblemError(
          422,
          'different-pipelines',
          'The batches have different pipelines',
          `Name the pipeline of the new batch: these have ${copied.pipelines.join(', ')}.`,
        );
    }
  }
}
