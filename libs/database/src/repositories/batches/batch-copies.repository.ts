import { keepDocuments } from './input-lock.js';
import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { InputChoice } from '#libs/contracts';
import { isKnownInput } from './batch-input.js';
import { addFileCounts } from './batches.repository.js';
import { recordAction } from '../commands/operator-action.js';
import { type NoVersion, pipelineVersion } from '../pipelines/pipeline-version.js';

/** A draft to create from other batches. */
export interface BatchCopy {
  /** Name of the new batch; null: the name of the first batch with "(copy)". */
  readonly name: string | null;
  /** Their order is the order of their files. */
  readonly batches: readonly number[];
  /** Pipeline of the new batch, in the given version or the newest (null); null: the version that all batches share. */
  readonly pipeline: { readonly name: string; readonly version: number | null } | null;
  /** Input choice of the new batch; null: the choice that all batches share. */
  readonly input: InputChoice | null;
  readonly createdBy: string;
}

/** Result of a copy; only `created` changes anything. */
export type BatchCopied =
  | { readonly result: 'created'; readonly id: number }
  | { readonly result: 'unknown-batch'; readonly batch: number }
  | { readonly result: 'unknown-input' | 'different-inputs' }
  | NoVersion
  /** The batches have different pipelines, and none was chosen. */
  | { readonly result: 'different-pipelines'; readonly pipelines: readonly string[] };

interface Original {
  readonly id: number;
  readonly version: number;
  readonly pipeline: string;
  readonly number: number;
  /** Its pipeline is archived. */
  readonly archived: boolean;
  readonly input: InputChoice;
}

/** Creates drafts from other batches. */
@Injectable()
export class BatchCopiesRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Creates a draft with the files of other batches, each file once, and with the settings of the first batch. */
  copy(copy: BatchCopy): Promise<BatchCopied> {
    return this.dataSource.transaction(async (manager) => {
      const originals = await manager.query<Original[]>(
        `select b.id, b.pipeline_version_id as version, p.name as pipeline, v.number,
           p.archived_at is not null as archived, b.input
         from batches b join pipeline_versions v on v.id = b.pipeline_version_id join pipelines p on p.id = v.pipeline_id
         where b.id = any($1)`,
        [copy.batches],
      );
      const missing = copy.batches.find((batch) => !originals.some(({ id }) => id === batch));
      if (missing !== undefined) return { result: 'unknown-batch', batch: missing };
      const version = await versionOf(manager, copy, originals);
      if (typeof version !== 'number') return version;
      const input = copy.input ?? originals[0]!.input;
      if (copy.input === null && originals.some((original) => !isDeepStrictEqual(original.input, input)))
        return { result: 'different-inputs' };
      if (!(await isKnownInput(manager, input))) return { result: 'unknown-input' };
      return { result: 'created', id: await makeDraft(manager, copy, version, input) };
    });
  }
}

async function versionOf(
  manager: EntityManager,
  { pipeline }: BatchCopy,
  originals: readonly Original[],
): Promise<number | BatchCopied> {
  if (pipeline === null) {
    const versions = new Map(originals.map((original) => [original.version, original]));
    const [{ version, pipeline: name, archived }] = originals as [Original];
    if (versions.size > 1) return { result: 'different-pipelines', pipelines: [...versions.values()].map(named) };
    return archived ? { result: 'archived-pipeline', pipeline: name } : version;
  }
  return pipelineVersion(manager, pipeline.name, pipeline.version);
}

const named = ({ pipeline, number }: Original): string => `${pipeline} version ${number}`;

async function makeDraft(
  manager: EntityManager,
  { name, batches, createdBy }: BatchCopy,
  version: number,
  input: InputChoice,
): Promise<number> {
  await keepDocuments(manager);
  const [{ id }] = await manager.query<[{ id: number }]>(
    `insert into batches (name, pipeline_version_id, created_by, weight, input, reuse)
     select coalesce($2, left(name, 193) || ' (copy)'), $3, $4, weight, $5, reuse from batches where id = $1 returning id`,
    [batches[0], name, version, createdBy, JSON.stringify(input)],
  );
  const [{ files }] = await manager.query<[{ files: number }]>(
    `with added as (
     insert into runs (batch_id, row, media_file_id, input_document, input_uploaded)
     select $1, row_number() over (order by n, row) - 1, media_file_id, case when input_uploaded then input_document end,
       input_uploaded from (
       select distinct on (r.media_file_id) r.media_file_id, t.n, r.row, r.input_document, r.input_uploaded
       from unnest($2::int[]) with ordinality as t(batch, n) join runs r on r.batch_id = t.batch
       order by r.media_file_id, t.n
     ) files order by n, row returning 1
     ) select count(*)::int as files from added`,
    [id, batches],
  );
  await addFileCounts(manager, id, files);
  const command = { verb: 'create-batch', actor: createdBy, request: { name, batches } } as const;
  await recordAction(manager, command, { batch: id, files }, [id]);
  return id;
}
