import { Injectable } from '@nestjs/common';
import type { RouteStage } from '#libs/contracts';
import { type ClaimedRun, DocumentsRepository } from '#libs/database';
import { NatsLink, publishOnce } from '#libs/messaging';
import { buildSourceMmif } from '#libs/mmif';
import { SchedulerSettings } from '../scheduler-settings.js';
import { WorkerWatch } from '../sweeper/worker-watch.js';
import { stagePublication } from './stage-publication.js';

/** The parts of a batch that its stage messages depend on. */
export interface PublishedBatch {
  readonly id: number;
  readonly batchKey?: string | undefined;
  readonly sourceVocabulary: 'old' | 'new';
  readonly route: readonly RouteStage[];
}

/** Publishes the stage messages of admitted runs. */
@Injectable()
export class StagePublisher {
  constructor(
    private readonly link: NatsLink,
    private readonly documents: DocumentsRepository,
    private readonly settings: SchedulerSettings,
    private readonly workers: WorkerWatch,
  ) {}

  /**
   * Publishes the message with which a run begins or continues, unless one of its generation exists. A run continues
   * from the archived output of the previous stage, never from the answer of a failed stage.
   */
  async publish(batch: PublishedBatch, run: ClaimedRun, signal: AbortSignal): Promise<void> {
    const document = run.input
      ? await this.documents.read(run.input.sha256)
      : buildSourceMmif(run, { vocabulary: batch.sourceVocabulary });
    const packed = await this.link.documents.pack({ batch: batch.id, run: run.id, index: run.index }, document);
    const { id, batchKey, route } = batch;
    const context = {
      version: this.workers.readByAll(),
      installation: this.settings.installation,
      batch: id,
      batchKey,
      route,
    };
    await publishOnce(this.link, stagePublication(context, run, packed), signal);
  }
}
