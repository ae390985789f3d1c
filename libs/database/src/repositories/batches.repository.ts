import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

/** How many unknown GUIDs a refusal names. */
const NAMED_GUIDS = 20;

/** A batch to create; `files` are GUIDs in the order of the rows, none twice. */
export interface NewBatchRow {
  readonly name: string;
  readonly pipeline: string;
  readonly files: readonly string[];
  readonly createdBy: string;
}

/** What became of a creation; a refused one leaves nothing behind. */
export type BatchCreation =
  | { readonly result: 'created'; readonly id: number }
  | { readonly result: 'unknown-pipeline' }
  /** `guids` names the first of them. */
  | { readonly result: 'unknown-files'; readonly count: number; readonly guids: readonly string[] };

/** What became of a start; of two at once, one is `already-started`. */
export type BatchStart = 'started' | 'already-started' | 'unknown-batch';

/** Batches: their creation with all their runs, and their start. */
@Injectable()
export class BatchesRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Creates a draft with one waiting run per file, in one transaction, for up to 100,000 files. */
  create({ name, pipeline, files, createdBy }: NewBatchRow): Promise<BatchCreation> {
    return this.dataSource.transaction(async (manager) => {
      const [version] = await manager.query<{ id: number }[]>(
        `select v.id from pipelines p join pipeline_versions v on v.pipeline_id = p.id
         where p.name = $1 order by v.number desc limit 1`,
        [pipeline],
      );
      if (!version) return { result: 'unknown-pipeline' };
      const unknown = await unknownFiles(manager, files);
      if (unknown.count > 0) return { result: 'unknown-files', ...unknown };
      const [{ id }] = await manager.query<[{ id: number }]>(
        'insert into batches (name, pipeline_version_id, created_by) values ($1, $2, $3) returning id',
        [name, version.id, createdBy],
      );
      await addRuns(manager, id, files);
      await addCounts(manager, id, version.id, files.length);
      return { result: 'created', id };
    });
  }

  /** Lets the scheduler take a draft's runs. A new batch begins beside the running one that is served next. */
  async start(id: number): Promise<BatchStart> {
    const [started] = await this.dataSource.query<[unknown[], number]>(
      `update batches set state = 'running', started_at = now(), version = version + 1,
         pass = greatest(pass, (select min(pass) from batches where state = 'running' and paused_at is null))
       where id = $1 and state = 'draft' returning id`,
      [id],
    );
    if (started.length > 0) return 'started';
    const known = await this.dataSource.query<unknown[]>('select 1 from batches where id = $1', [id]);
    return known.length > 0 ? 'already-started' : 'unknown-batch';
  }
}

async function unknownFiles(
  manager: EntityManager,
  files: readonly string[],
): Promise<{ count: number; guids: string[] }> {
  const [unknown] = await manager.query<[{ count: number; guids: string[] | null }]>(
    `select count(*)::int as count, (array_agg(t.guid order by t.n))[1:${NAMED_GUIDS}] as guids
     from unnest($1::text[]) with ordinality as t(guid, n) left join media_files m on m.guid = t.guid
     where m.id is null`,
    [files],
  );
  return { count: unknown.count, guids: unknown.guids ?? [] };
}

async function addRuns(manager: EntityManager, batchId: number, files: readonly string[]): Promise<void> {
  await manager.query(
    `insert into runs (batch_id, row, media_file_id)
     select $1, t.n - 1, m.id
     from unnest($2::text[]) with ordinality as t(guid, n) join media_files m on m.guid = t.guid order by t.n`,
    [batchId, files],
  );
}

async function addCounts(manager: EntityManager, batchId: number, versionId: number, files: number): Promise<void> {
  await manager.query(`insert into batch_run_counts (batch_id, state, count) values ($1, 'waiting', $2)`, [
    batchId,
    files,
  ]);
  await manager.query(
    `insert into batch_stage_counts (batch_id, index, state, count)
     select $1, index, 'waiting', $3 from pipeline_stages where version_id = $2`,
    [batchId, versionId, files],
  );
}
