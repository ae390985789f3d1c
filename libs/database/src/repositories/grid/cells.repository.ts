import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { cellCode, type StageMark, type StageState } from '#libs/contracts';
import { type GridFacts, gridOf, numbersOf, partlySkipped, type StageCount } from './cells-grid.js';

/** States of all cells of a batch at one version: one byte per cell, row by row. */
export interface Cells {
  readonly version: number;
  readonly bytes: Uint8Array;
}

interface Batch {
  readonly version: string;
  readonly rows: number;
  readonly stages: number;
  readonly counts: readonly StageCount[];
  /** Marks that occur in it. */
  readonly marked: readonly StageMark[];
  /** IDs of the first and the last run; null: it has no runs. */
  readonly first: string | null;
  readonly last: string | null;
}

const BATCH = `
  select b.version,
    (select coalesce(sum(count), 0)::int from batch_run_counts where batch_id = b.id) as rows,
    (select count(*)::int from pipeline_stages where version_id = b.pipeline_version_id) as stages,
    (
      select coalesce(json_agg(json_build_object('index', index, 'state', state, 'count', count)), '[]')
      from batch_stage_counts where batch_id = b.id
    ) as counts,
    array(select distinct mark from batch_mark_counts where batch_id = b.id and count > 0) as marked,
    (select id from runs where batch_id = b.id order by row limit 1) as first,
    (select id from runs where batch_id = b.id order by row desc limit 1) as last
  from batches b where b.id = $1`;

// Packed lists of positions: a result row for each run or cell takes ten times as long.
const runs = (ids: 'ids' | 'no-ids') => `
  select state, next_index as "nextIndex", not_before > '-infinity' as delayed,
    string_agg(int4send(row), '') as rows, ${ids === 'ids' ? `string_agg(int8send(id), '')` : 'null'} as ids
  from runs
  where batch_id = $1 ${ids === 'ids' ? '' : `and not (state = 'waiting' and next_index = 0 and not_before = '-infinity')`}
  group by 1, 2, 3`;
const RUNS = runs('no-ids');
/** Run IDs are needed only for marks and for partly skipped stages. */
const RUNS_BY_ID = runs('ids');
const STANDING = `
  select s.state, string_agg(int4send(r.row * $2::int + s.index), '') as cells
  from runs r join stage_runs s on s.run_id = r.id and s.index = r.next_index
  where r.batch_id = $1 and r.state = 'running' group by s.state`;
/** Run IDs of a batch ascend with their rows, so only its part of the index is read. */
const MARKS = `
  select mark, string_agg(int8send(run_id) || int4send(index), '') as packed
  from stage_runs where mark = any($1::text[]) and run_id between $2 and $3 group by mark`;
/** Skipped stages are reused ones. */
const SKIPPED = `
  select string_agg(int8send(run_id) || int4send(index), '') as packed
  from stage_runs where reused_from is not null and index = any($1::int[]) and run_id between $2 and $3`;
const EVERY_STAGE = `
  select s.state, s.mark, string_agg(int4send(r.row * $2::int + s.index), '') as cells
  from stage_runs s join runs r on r.id = s.run_id
  where s.run_id between $3 and $4 and r.batch_id = $1 and s.index < $2::int group by s.state, s.mark`;

/** Reads the grid of a batch. */
@Injectable()
export class CellsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** The version of a batch; null when there is no such batch. */
  async version(batchId: number): Promise<number | null> {
    const [row] = await this.dataSource.query<{ version: string }[]>('select version from batches where id = $1', [
      batchId,
    ]);
    return row ? Number(row.version) : null;
  }

  /** A snapshot in which cells and version belong to the same moment; null when there is no such batch. */
  snapshot(batchId: number): Promise<Cells | null> {
    return this.dataSource.transaction('REPEATABLE READ', async (manager) => {
      const [batch] = await manager.query<Batch[]>(BATCH, [batchId]);
      if (!batch) return null;
      const bytes = gridOf(await eventsOf(manager, batchId, batch)) ?? (await everyStage(manager, batchId, batch));
      return { version: Number(batch.version), bytes };
    });
  }
}

async function eventsOf(manager: EntityManager, id: number, batch: Batch): Promise<GridFacts> {
  const { rows, stages, counts, marked, first, last } = batch;
  const mixed = partlySkipped(counts);
  const isById = marked.length > 0 || mixed.length > 0;
  return {
    rows,
    stages,
    counts,
    runs: await manager.query<GridFacts['runs'][number][]>(isById ? RUNS_BY_ID : RUNS, [id]),
    standing: await manager.query<GridFacts['standing'][number][]>(STANDING, [id, stages]),
    skipped: mixed.length === 0 ? null : await skippedIn(manager, mixed, batch),
    marks: marked.length === 0 ? [] : await manager.query<GridFacts['marks'][number][]>(MARKS, [marked, first, last]),
  };
}

async function skippedIn(
  manager: EntityManager,
  indexes: readonly number[],
  { first, last }: Batch,
): Promise<Buffer | null> {
  const [found] = await manager.query<[{ packed: Buffer | null }]>(SKIPPED, [indexes, first, last]);
  return found.packed;
}

/** Cells that are no longer `waiting`, from every stage run. */
async function everyStage(manager: EntityManager, id: number, batch: Batch): Promise<Uint8Array> {
  const { rows, stages, first, last } = batch;
  const bytes = new Uint8Array(rows * stages).fill(cellCode('waiting'));
  const found = await manager.query<{ state: StageState; mark: StageMark | null; cells: Buffer }[]>(EVERY_STAGE, [
    id,
    stages,
    first,
    last,
  ]);
  for (const { state, mark, cells } of found) {
    const code = cellCode(state, mark);
    for (const cell of numbersOf(cells)) bytes[cell] = code;
  }
  return bytes;
}
