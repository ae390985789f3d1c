import { Injectable } from '@nestjs/common';
import { type BatchDeletion, type BatchUsage, countOf, type DeletedBatch } from '#libs/contracts';
import { BatchListRepository, DeletionRepository, UsageRepository } from '#libs/database';
import { ProblemError, unknown } from '../http/problem-error.js';
import { deletionSentence } from './deletion-sentence.js';

/** At most this many other batches that use the same documents are listed. */
const MAX_LISTED_BATCHES = 20;

/** Storage use and deletion of batches. */
@Injectable()
export class DeletionService {
  constructor(
    private readonly batches: BatchListRepository,
    private readonly usages: UsageRepository,
    private readonly deletions: DeletionRepository,
  ) {}

  async usage(id: number): Promise<BatchUsage> {
    const usage = await this.usages.of(id);
    if (!usage) throw unknown('batch', id);
    return usage;
  }

  /** Previews the deletion of a batch. */
  async preview(id: number): Promise<BatchDeletion> {
    const batch = await this.batches.find(id);
    if (!batch) throw unknown('batch', id);
    const { total } = await this.usage(id);
    const { name, files: runs, summary } = batch;
    const { state } = summary;
    const stays = total.shared;
    const goes = { documents: total.documents - stays.documents, bytes: total.bytes - stays.bytes };
    const usedBy = stays.documents > 0 ? await this.usages.usedBy(id, MAX_LISTED_BATCHES) : [];
    const preview = { batch: id, name, state, runs, goes, stays };
    return { ...preview, usedBy, allowed: state !== 'running', sentence: deletionSentence(preview) };
  }

  async delete(id: number, actor: string): Promise<DeletedBatch> {
    const deletion = await this.deletions.delete(id, actor);
    switch (deletion.result) {
      case 'unknown-batch':
        throw unknown('batch', id);
      case 'running':
        throw new ProblemError(
          409,
          'batch-running',
          'The batch is running',
          `Batch ${id} is running. Cancel it or wait until it has finished, then delete it.`,
        );
      case 'deleted': {
        const { name, runs } = deletion;
        const sentence = `Batch ${id} "${name}" and its ${countOf(runs, 'run')} were deleted. Documents that no other batch uses are being removed.`;
        return { batch: id, name, runs, sentence };
      }
    }
  }
}
