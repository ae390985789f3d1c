import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { type BatchView, jobSubject, type newBatchSchema } from '#libs/contracts';
import { kindFault, readAppMetadata } from '#libs/clams';
import { BatchesRepository, BatchListRepository, MediaFilesRepository, PipelinesRepository } from '#libs/database';
import { ProblemError, unknown } from '../http/problem-error.js';
import { WakeUps } from '../wake-ups.js';
import { duplicatesOf } from './duplicates.js';

/** A refusal names this many GUIDs and counts the others. */
const NAMED_GUIDS = 20;

/** Creates and starts batches. */
@Injectable()
export class BatchesService {
  constructor(
    private readonly batches: BatchesRepository,
    private readonly list: BatchListRepository,
    private readonly files: MediaFilesRepository,
    private readonly pipelines: PipelinesRepository,
    private readonly wakeUps: WakeUps,
  ) {}

  /** Creates a draft; throws ProblemError for an unknown pipeline, unknown or unreadable files, and files named twice. */
  async create(body: z.output<typeof newBatchSchema>, createdBy: string): Promise<BatchView> {
    const twice = duplicatesOf(body.files);
    if (twice.length > 0)
      throw filesProblem('duplicate-files', 'Files are named twice', 'named more than once: name each once', twice);
    await this.refuseUnreadable(body);
    const creation = await this.batches.create({ ...body, createdBy });
    switch (creation.result) {
      case 'created':
        return this.find(creation.id);
      case 'unknown-pipeline':
        throw new ProblemError(
          422,
          'unknown-pipeline',
          'No such pipeline',
          `There is no pipeline "${body.pipeline}". Save it first, or use the name of one in the list of pipelines.`,
        );
      case 'unknown-files':
        throw filesProblem(
          'unknown-files',
          'Unknown media files',
          'not registered: register them first, or leave them out',
          creation.guids,
          creation.count,
        );
    }
  }

  /** Starts a draft; a batch that was started before stays as it is. */
  async start(id: number): Promise<{ started: boolean; batch: BatchView }> {
    const result = await this.batches.start(id);
    if (result === 'unknown-batch') throw unknown('batch', id);
    if (result === 'started') this.wakeUps.wake(jobSubject(id, 'submitted'));
    return { started: result === 'started', batch: await this.find(id) };
  }

  /** Files of a kind that an app of the pipeline cannot read would all fail, each after its turn. */
  private async refuseUnreadable({ pipeline, files }: z.output<typeof newBatchSchema>): Promise<void> {
    const apps = (await this.pipelines.appsOf(pipeline)).map(({ slug, metadata }) => ({
      name: slug,
      metadata: readAppMetadata(metadata),
    }));
    for (const { kind, count, guids } of await this.files.kindsOf(files, NAMED_GUIDS)) {
      const fault = kindFault(kind, apps);
      if (fault === null) continue;
      const state = `${kind} that this pipeline cannot read (${fault}): leave them out, or use another pipeline`;
      throw filesProblem('unreadable-files', 'Files that the pipeline cannot read', state, guids, count);
    }
  }

  async find(id: number): Promise<BatchView> {
    const batch = await this.list.find(id);
    if (!batch) throw unknown('batch', id);
    return batch;
  }
}

function filesProblem(name: string, title: string, state: string, guids: readonly string[], count = guids.length) {
  const files = count === 1 ? '1 media file is' : `${count} media files are`;
  const named = guids.slice(0, NAMED_GUIDS);
  const others = count > named.length ? ` and ${count - named.length} more` : '';
  return new ProblemError(422, name, title, `${files} ${state}: ${named.join(', ')}${others}.`);
}
