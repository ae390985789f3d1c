import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { kindFault, readAppMetadata } from '#libs/clams';
import { type BatchView, jobSubject, type newBatchSchema } from '#libs/contracts';
import {
  BatchPacesRepository,
  BatchesRepository,
  BatchListRepository,
  type FileSelection,
  PipelinesRepository,
} from '#libs/database';
import { ProblemError, unknown } from '../http/problem-error.js';
import { WakeUps } from '../ports.js';
import {
  archivedPipeline,
  duplicateFiles,
  emptyBatch,
  filesProblem,
  NAMED_GUIDS,
  missingInputs,
  unknownFiles,
  unknownInput,
  unknownPipeline,
  unknownSource,
  unknownVersion,
} from './batch-problems.js';
import { duplicatesOf } from './duplicates.js';
import { AppLives } from './estimates/app-lives.js';
import { etaOf } from './estimates/eta.js';

type Body = z.output<typeof newBatchSchema>;

/** What decides which files a batch may have. */
type Prepared = Pick<Body, 'pipeline' | 'version' | 'input'>;

/** Creates and starts batches. */
@Injectable()
export class BatchesService {
  constructor(
    private readonly batches: BatchesRepository,
    private readonly list: BatchListRepository,
    private readonly pipelines: PipelinesRepository,
    private readonly paces: BatchPacesRepository,
    private readonly lives: AppLives,
    private readonly wakeUps: WakeUps,
  ) {}

  /** Creates a draft; throws ProblemError for what is unknown, files that cannot be read, and files named twice. */
  async create(body: Body, createdBy: string): Promise<BatchView> {
    const twice = duplicatesOf(body.files ?? []);
    if (twice.length > 0) throw duplicateFiles(twice);
    const files = selectionOf(body);
    await this.refuseUnreadable(body, files);
    const creation = await this.batches.create({ ...body, files, createdBy, reuse: body.reuse ?? true });
    switch (creation.result) {
      case 'created':
        return this.find(creation.id);
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

  /** Starts a draft, or goes on after a trial; a batch that runs with all its files stays as it is. Throws ProblemError. */
  async start(id: number, by: string, trial: number | null): Promise<{ started: boolean; batch: BatchView }> {
    const warnings = await this.warningsOf(id);
    const result = await this.batches.start(id, { by, trial });
    if (result === 'unknown-batch') throw unknown('batch', id);
    if (result === 'archived')
      throw new ProblemError(
        409,
        'archived-batch',
        'The batch is archived',
        `Batch ${id} is archived. Take it back from the archive first (archived: false).`,
      );
    if (typeof result === 'object') throw missingInputs(result);
    const started = result !== 'already-started';
    if (started) this.wakeUps.wake(jobSubject(id, 'submitted'));
    return { started, batch: { ...(await this.find(id)), ...(result === 'started' ? { warnings } : {}) } };
  }

  /** What a draft would wait for. Asked before it is started: nothing is locked while others answer. */
  private async warningsOf(id: number): Promise<string[]> {
    const draft = await this.list.find(id);
    if (draft?.summary.state !== 'draft') return [];
    return this.lives.warnings(draft.summary.stages.map(({ app }) => app));
  }

  /**
   * Files of a kind that an app of the pipeline cannot read would all fail, each after its turn. Those that begin with a
   * document of an earlier run have what that run has found in them, too.
   */
  async refuseUnreadable({ pipeline, version, input }: Prepared, files: FileSelection): Promise<void> {
    if (input !== undefined && input.kind !== 'source') return;
    const apps = (await this.pipelines.appsOf(pipeline, version)).map(({ slug, metadata }) => ({
      name: slug,
      metadata: readAppMetadata(metadata),
    }));
    for (const { kind, ...ofKind } of await this.batches.kindsOf(files, NAMED_GUIDS)) {
      const fault = kindFault(kind, apps);
      if (fault === null) continue;
      const state = `${kind} that this pipeline cannot read (${fault}): leave them out, or use another pipeline`;
      throw filesProblem('unreadable-files', 'Files that the pipeline cannot read', state, ofKind);
    }
  }

  /** A batch with what takes a look at all its files or its pace. */
  async look(id: number): Promise<BatchView> {
    const batch = await this.find(id);
    const eta = etaOf(batch.summary, await this.paces.of(id), Date.now());
    return { ...batch, eta, mediaHours: await this.paces.mediaHours(id) };
  }

  async find(id: number): Promise<BatchView> {
    const batch = await this.list.find(id);
    if (!batch) throw unknown('batch', id);
    return batch;
  }
}

/** The schema has seen to it that one source is named. */
const selectionOf = ({ files, collection, from }: Body): FileSelection =>
  files ?? (collection === undefined ? from! : { collection });

const emptySource = ({ collection, from }: Body): string =>
  from
    ? `No run of batch ${from.batch} is ${from.runs}: there is nothing to make a batch of.`
    : `Collection ${collection} is empty: add files to it, or name another one.`;
