import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { RunFilter, RunRow, RunState, RunView } from '#libs/contracts';
import { chooseRuns, runPatterns } from './run-page.js';
import { filesThatFit } from '../media-files/media-file-search.js';
import { markUnreached } from './unreached-stages.js';
import type { PageRange } from '../search/page-range.js';
import { STAGE_COLUMNS, type StageRow, stageView } from './stage-view.js';
import { searchPage } from '../search/text-search.js';

/** URL of the document of a stage. */
export type DocumentAddress = (run: number, index: number) => string;

interface RunHead {
  readonly id: string;
  readonly batch: number;
  readonly row: number;
  readonly guid: string;
  readonly title: string;
  readonly state: RunState;
  readonly generation: number;
}

type RunRecord = Omit<RunRow, 'id'> & { readonly id: string };

/** Rows of the runs that a statement selects. */
const rowsOf = (chosen: string): string => `
  with chosen as materialized (${chosen})
  select r.id, r.row, m.guid, m.title, r.state, r.sentence, r.next_index as stage, states.stages, states.marks
  from chosen join runs r on r.id = chosen.id join batches b on b.id = r.batch_id
    join media_files m on m.id = r.media_file_id
    cross join lateral (
      select json_agg(coalesce(s.state, 'waiting') order by p.index) as stages,
        json_agg(s.mark order by p.index) as marks
      from pipeline_stages p left join stage_runs s on s.run_id = r.id and s.index = p.index
      where p.version_id = b.pipeline_version_id
    ) states
  order by r.row`;

/** All stages of a run, including those that have not started. */
const STAGES = `
  select p.index, a.slug as app, a.name, coalesce(s.state, 'waiting') as state,
    coalesce(s.generation, r.generation) as generation, ${STAGE_COLUMNS},
    case when s.state = 'retrying' then r.not_before end as "retryAt", s.reused_from as "reusedFrom", d.sha256, d.bytes,
    case when g.run_id is not null
      then json_build_object('percent', g.percent, 'estimated', g.estimated, 'at', g.at) end as progress
  from runs r join batches b on b.id = r.batch_id
    join pipeline_stages p on p.version_id = b.pipeline_version_id join apps a on a.id = p.app_id
    left join stage_runs s on s.run_id = r.id and s.index = p.index
    left join documents d on d.sha256 = s.document
    -- A percentage that is older than the call belongs to an earlier attempt.
    left join stage_progress g on g.run_id = r.id and g.index = p.index and s.state = 'running' and g.at >= s.started_at
  where r.id = $1 order by p.index`;

/** Reads runs with their stages. */
@Injectable()
export class RunsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Runs of a batch that match a filter, by row; `after` is a row. Null when there is no such batch. */
  async ofBatch(batchId: number, slice: PageRange, filter: RunFilter = {}): Promise<RunRow[] | null> {
    const patterns = runPatterns(filter.query);
    const rows = await searchPage<RunRecord>({
      patterns,
      limit: slice.limit,
      page: (scope) => {
        const { text, parameters } = chooseRuns(batchId, filter, slice, scope);
        return this.dataSource.query(rowsOf(text), [...parameters]);
      },
      length: () => this.rowsBehind(batchId, slice.after ?? -1),
      files: (most) => filesThatFit(this.dataSource, patterns, most),
    });
    if (rows.length > 0) return rows.map((row) => ({ ...row, id: Number(row.id) }));
    const known = await this.dataSource.query<unknown[]>('select 1 from batches where id = $1', [batchId]);
    return known.length > 0 ? [] : null;
  }

  private async rowsBehind(batch: number, row: number): Promise<number> {
    const [last] = await this.dataSource.query<{ row: number }[]>(
      'select row from runs where batch_id = $1 order by row desc limit 1',
      [batch],
    );
    return last ? last.row - row : 0;
  }

  /** A run with its stages; null when there is no such run. */
  async find(id: number, documentAddress: DocumentAddress): Promise<RunView | null> {
    const [run] = await this.dataSource.query<RunHead[]>(
      `select r.id, r.batch_id as batch, r.row, m.guid, m.title, r.state, r.generation
       from runs r join media_files m on m.id = r.media_file_id join batches b on b.id = r.batch_id where r.id = $1`,
      [id],
    );
    if (!run) return null;
    const rows = await this.dataSource.query<StageRow[]>(STAGES, [id]);
    const stages = rows.map((stage) => stageView(stage, documentAddress(id, stage.index)));
    return { ...run, id, stages: markUnreached(run.state, stages) };
  }
}
