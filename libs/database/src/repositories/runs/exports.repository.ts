import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { BatchState, RunState, StageState } from '#libs/contracts';
import type { ArchivedDocument } from '../state/stage-change.js';

/** A batch whose documents are exported. */
export interface ExportBatch {
  readonly id: number;
  readonly name: string;
  readonly state: BatchState;
  readonly pipeline: { readonly name: string; readonly version: number };
  /** Slug of the app of each stage. */
  readonly apps: readonly string[];
  /** Time of the snapshot. */
  readonly at: Date;
}

/** A started stage of a run. */
export interface ExportStage {
  readonly index: number;
  readonly state: StageState;
  /** Sha256; null: there is no document, or it was removed. */
  readonly document: string | null;
}

/** A run whose documents are exported. */
export interface ExportRun {
  readonly run: number;
  readonly row: number;
  readonly guid: string;
  readonly state: RunState;
  /** Number of done stages. */
  readonly nextIndex: number;
  /** Why it failed. */
  readonly sentence: string | null;
  readonly stages: readonly ExportStage[];
}

type RunRow = Omit<ExportRun, 'run' | 'stages'> & { readonly run: string; readonly stages: ExportStage[] | null };

/** Number of rows in a portion. */
const PAGE_ROWS = 1000;

const BATCH = `
  select b.id, b.name, b.state, json_build_object('name', p.name, 'version', v.number) as pipeline, now() as at, (
    select json_agg(a.slug order by s.index)
    from pipeline_stages s join apps a on a.id = s.app_id where s.version_id = b.pipeline_version_id
  ) as apps
  from batches b join pipeline_versions v on v.id = b.pipeline_version_id join pipelines p on p.id = v.pipeline_id
  where b.id = $1`;

const RUNS = `
  select r.id as run, r.row, m.guid, r.state, r.next_index as "nextIndex", r.sentence, (
    select json_agg(json_build_object('index', s.index, 'state', s.state, 'document', s.document) order by s.index)
    from stage_runs s where s.run_id = r.id
  ) as stages
  from runs r join media_files m on m.id = r.media_file_id`;

const runOf = ({ run, stages, ...row }: RunRow): ExportRun => ({ ...row, run: Number(run), stages: stages ?? [] });

/** Reads what an export contains. */
@Injectable()
export class ExportsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** A run with its batch; null when there is no such run. */
  ofRun(id: number): Promise<{ batch: ExportBatch; run: ExportRun } | null> {
    return this.snapshot(async (manager) => {
      const [row] = await manager.query<(RunRow & { batch: number })[]>(
        RUNS.replace('select ', 'select r.batch_id as batch, ') + ' where r.id = $1',
        [id],
      );
      const batch = row && (await findBatch(manager, row.batch));
      return row && batch ? { batch, run: runOf(row) } : null;
    });
  }

  /**
   * Passes all runs of a batch from one snapshot, in row order, to a callback in portions; null when there is no such
   * batch. The connection is held until the last portion, so the callback must not wait for clients.
   */
  ofBatch(
    id: number,
    take: (runs: readonly ExportRun[], batch: ExportBatch) => Promise<void>,
  ): Promise<ExportBatch | null> {
    return this.snapshot(async (manager) => {
      const batch = await findBatch(manager, id);
      if (!batch) return null;
      for (let after = -1; ;) {
        const rows = await manager.query<RunRow[]>(
          `${RUNS} where r.batch_id = $1 and r.row > $2 order by r.row limit ${PAGE_ROWS}`,
          [id, after],
        );
        if (rows.length > 0) await take(rows.map(runOf), batch);
        if (rows.length < PAGE_ROWS) return batch;
        after = rows.at(-1)!.row;
      }
    });
  }

  /** A stored document; null when it was removed. */
  async document(sha256: string): Promise<ArchivedDocument | null> {
    const [row] = await this.dataSource.query<(Omit<ArchivedDocument, 'bytes'> & { bytes: string })[]>(
      'select sha256, bytes, encoding, content from documents where sha256 = $1',
      [sha256],
    );
    return row ? { ...row, bytes: Number(row.bytes) } : null;
  }

  private snapshot<Result>(read: (manager: EntityManager) => Promise<Result>): Promise<Result> {
    return this.dataSource.transaction('REPEATABLE READ', read);
  }
}

async function findBatch(manager: EntityManager, id: number): Promise<ExportBatch | null> {
  const [batch] = await manager.query<ExportBatch[]>(BATCH, [id]);
  return batch ?? null;
}
