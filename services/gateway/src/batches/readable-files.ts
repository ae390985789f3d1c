import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { kindFault, readAppMetadata } from '#libs/clams';
import type { newBatchSchema } from '#libs/contracts';
import { BatchesRepository, type FileSelection, PipelinesRepository } from '#libs/database';
import { filesProblem, NAMED_GUIDS } from './batch-problems.js';

/** The parts of a batch that decide which types of files it can contain. */
export type Reading = Pick<z.output<typeof newBatchSchema>, 'pipeline' | 'version' | 'input'>;

/** Checks that the apps of a pipeline can read the files of a batch. */
@Injectable()
export class ReadableFiles {
  constructor(
    private readonly batches: BatchesRepository,
    private readonly pipelines: PipelinesRepository,
  ) {}

  /**
   * Throws ProblemError for files of a type that an app of the pipeline cannot read: all of them would fail. Files that
   * start from a document of an earlier run are not checked, because that document contains more than the source.
   */
  async require({ pipeline, version, input }: Reading, files: FileSelection): Promise<void> {
    if (input !== undefined && input.kind !== 'source') return;
    const apps = (await this.pipelines.appsOf(pipeline, version)).map(({ slug, metadata }) => ({
      name: slug,
      metadata: readAppMetadata(metadata),
    }));
    for (const { kind, ...ofKind } of await this.batches.kindsOf(files, NAMED_GUIDS)) {
      const fault = kindFault(kind, apps);
      if (fault === null) continue;
      const state = `${kind}, which this pipeline cannot read (${fault}); leave them out, or use another pipeline`;
      throw filesProblem('unreadable-files', 'Files that the pipeline cannot read', state, ofKind);
    }
  }
}
