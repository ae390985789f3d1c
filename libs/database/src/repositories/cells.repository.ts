import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { cellCode, type StageMark, type StageState } from '#libs/contracts';

/** States of all cells of a batch at one version: one byte a cell, row by row. */
export interface Cells {
  readonly version: number;
  readonly bytes: Uint8Array;
}

const INT4_BYTES = 4;

/** The grid of a batch. */
@Injectable()
export class CellsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** The batch's version alone; null when there is no such batch. */
  async version(batchId: number): Promise<number | null> {
    const [row] = await this.dataSource.query<{ version: string }[]>('select version from batches where id = $1', [
      batchId,
    ]);
    return row ? Number(row.version) : null;
  }

  /** A snapshot in which cells and version are of the same moment; null when there is no such batch. */
  snapshot(batchId: number): Promise<Cells | null> {
    return this.dataSource.transaction('REPEATABLE READ', async (manager) => {
      const [grid] = await manager.query<{ version: string; rows: number; stages: number }[]>(
        `select b.version,
           (select sum(count)::int from batch_run_counts where batch_id = b.id) as rows,
           (select count(*)::int from pipeline_stages where version_id = b.pipeline_version_id) as stages
         from batches b where b.id = $1`,
        [batchId],
      );
      if (!grid) return null;
      const bytes = new Uint8Array(grid.rows * grid.stages).fill(cellCode('waiting'));
      await fill(manager, batchId, grid.stages, bytes);
      return { version: Number(grid.version), bytes };
    });
  }
}

/** Cells that have left `waiting`, as one packed list of positions for each state: a row per cell costs ten times more. */
async function fill(manager: EntityManager, batchId: number, stages: number, bytes: Uint8Array): Promise<void> {
  const states = await manager.query<{ state: StageState; mark: StageMark | null; cells: Buffer }[]>(
    `select s.state, s.mark, string_agg(int4send(r.row * $2::int + s.index), '') as cells
     from runs r join stage_runs s on s.run_id = r.id where r.batch_id = $1 and s.index < $2::int group by s.state, s.mark`,
    [batchId, stages],
  );
  for (const { state, mark, cells } of states) {
    const code = cellCode(state, mark);
    for (let offset = 0; offset < cells.length; offset += INT4_BYTES) bytes[cells.readUInt32BE(offset)] = code;
  }
}
