import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { InputChoice, MediaKind } from '#libs/contracts';
import { isKnownInput } from './batch-input.js';
import { type BatchStart, type BatchStartOrder, startBatch } from './batch-start.js';
import { recordAction } from '../commands/operator-action.js';
import { type NoVersion, pipelineVersion } from '../pipelines/pipeline-version.js';
import { refusable, refuse } from '../commands/refusal.js';
import { type FileSelection, isGuids, selectedFiles } from './selected-files.js';
import { unknownGuids } from './unknown-guids.js';

/** A batch to create. */
export interface NewBatchRow {
  readonly name: string;
  readonly pipeline: string;
  /** Version number of the pipeline; default: the newest. */
  readonly version?: number | undefined;
  readonly files: FileSelection;
  readonly createdBy: string;
  /** Share of the apps relative to other batches; default 100. */
  readonly weight?: number | undefined;
  /** Input of the first stage; default: the blank source document. */
  readonly input?: InputChoice | undefined;
  /** Runs reuse the results of earlier runs of the same files; default: false. */
  readonly reuse?: boolean | undefined;
  /** The first start is a trial with this number of files. */
  readonly trial?: number | undefined;
}

/** Result of a creation; only `created` changes anything. */
export type BatchCreation =
  | { readonly result: 'created'; readonly id: number }
  | {
      readonly result: 'unknown-batch' | 'unknown-collection' | 'unknown-input' | 'no-files';
    }
  | NoVersion
  /** `guids` lists the first unknown GUIDs. */
  | { readonly result: 'unknown-files'; readonly count: number; readonly guids: readonly string[] };

/** Creates and starts batches. */
@Injectable()
export class BatchesRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Creates a draft with one waiting run per file, in one transaction, for up to 100,000 files. */
  create(batch: NewBatchRow): Promise<BatchCreation> {
    return refusable(() => this.dataSource.transaction((manager) => createDraft(manager, batch)));
  }

  /** Starts a draft, or continues a batch after its trial. Its pass is at least the lowest active one. */
  start(id: number, order: Partial<BatchStartOrder> = {}): Promise<BatchStart> {
    return startBatch(this.dataSource, id, { by: null, trial: null, ...order });
  }

  /** Counts the chosen files by kind, with the first GUIDs of each kind in order. */
  kindsOf(files: FileSelection, named: number): Promise<{ kind: MediaKind; count: number; guids: string[] }[]> {
    const { statement, parameters } = selectedFiles(files, 2);
    return this.dataSource.query(
      `select m.kind, count(*)::int as count, (array_agg(m.guid order by f.n))[1:$1::int] as guids
       from (${statement}) f join media_files m on m.id = f.media_file_id group by m.kind order by m.kind`,
      [named, ...parameters],
    );
  }
}

/** Number of files from which a new batch changes what the planner knows of the table of runs. */
const LARGE_BATCH = 10_000;

async function createDraft(manager: EntityManager, batch: NewBatchRow): Promise<BatchCreation> {
  const { name, pipeline, version: number = null, files, createdBy, weight = 100, trial = null } = batch;
  const { input = { kind: 'source' }, reuse = false } = batch;
  const version = await pipelineVersion(manager, pipeline, number);
  if (typeof version !== 'number') return version;
  const unknown = await unknownSource(manager, files);
  if (unknown) return unknown;
  if (!(await isKnownInput(manager, input))) return { result: 'unknown-input' };
  const [{ id }] = await manager.query<[{ id: number }]>(
    `insert into batches (name, pipeline_version_id, created_by, weight, trial_files, input, reuse)
     values ($1, $2, $3, $4, $5, $6, $7) returning id`,
    [name, version, createdBy, weight, trial, JSON.stringify(input), reuse],
  );
  const count = await addRuns(manager, id, files);
  if (count === 0) refuse<BatchCreation>({ result: 'no-files' });
  await addFileCounts(manager, id, count);
  const source = isGuids(files) ? {} : 'batch' in files ? { from: files } : files;
  const request = { name, pipeline, version: number, ...source, input, weight, trial, reuse };
  await recordAction(manager, { verb: 'create-batch', actor: createdBy, request }, { batch: id, files: count }, [id]);
  return { result: 'created', id };
}

async function unknownSource(manager: EntityManager, files: FileSelection): Promise<BatchCreation | null> {
  if (isGuids(files)) {
    const unknown = await unknownGuids(manager, files);
    return unknown.count > 0 ? { result: 'unknown-files', ...unknown } : null;
  }
  const [table, id, result] =
    'batch' in files
      ? (['batches', files.batch, 'unknown-batch'] as const)
      : (['collections', files.collection, 'unknown-collection'] as const);
  const known = await manager.query<unknown[]>(`select 1 from ${table} where id = $1`, [id]);
  return known.length > 0 ? null : { result };
}

/** Creates a run for each file of a new batch; returns their number. */
async function addRuns(manager: EntityManager, batch: number, files: FileSelection): Promise<number> {
  const { statement, parameters } = selectedFiles(files, 2);
  const [{ count }] = await manager.query<[{ count: number }]>(
    `with added as (
       insert into runs (batch_id, row, media_file_id)
       select $1, row_number() over (order by f.n) - 1, f.media_file_id from (${statement}) f order by f.n returning 1
     ) select count(*)::int as count from added`,
    [batch, ...parameters],
  );
  // Until the next automatic analysis, the planner would read the whole table in every round of admission.
  if (count >= LARGE_BATCH) await manager.query('analyze runs');
  return count;
}

/** Adds files to the counters of a draft; a negative number removes them. */
export async function addFileCounts(manager: EntityManager, batch: number, files: number): Promise<void> {
  await manager.query(
    `insert into batch_stage_counts (batch_id, index, state, count)
     select b.id, s.index, 'waiting', $2::int from batches b join pipeline_stages s on s.version_id = b.pipeline_version_id
     where b.id = $1 order by s.index
     on conflict (batch_id, index, state) do update set count = batch_stage_counts.count + excluded.count`,
    [batch, files],
  );
  await manager.query(
    `insert into batch_run_counts (batch_id, state, count) values ($1, 'waiting', $2::int)
     on conflict (batch_id, state) do update set count = batch_run_counts.count + excluded.count`,
    [batch, files],
  );
}
