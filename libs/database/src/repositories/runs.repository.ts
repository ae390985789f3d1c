import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import {
  NEXT_ACTIONS,
  type Outcome,
  type RunRow,
  type RunState,
  type RunView,
  type StageMark,
  type StageRunView,
  type StageState,
} from '#libs/contracts';
import type { Slice } from './slice.js';

/** Where a stage's document is read. */
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

interface StageRow {
  readonly index: number;
  readonly app: string;
  readonly name: string;
  readonly state: StageState;
  readonly outcome: Outcome | null;
  readonly sentence: string | null;
  readonly fingerprint: string | null;
  readonly trace: string | null;
  readonly httpStatus: number | null;
  readonly generation: number;
  readonly calls: number;
  readonly worker: string | null;
  readonly queuedAt: Date | null;
  readonly startedAt: Date | null;
  readonly settledAt: Date | null;
  readonly annotations: Record<string, number>;
  readonly warnings: string[];
  readonly notices: string[];
  readonly mark: StageMark | null;
  readonly runningSeconds: number | null;
  readonly retryAt: Date | null;
  readonly coverage: { covered: number; of: number; gap?: string } | null;
  readonly sha256: string | null;
  readonly bytes: string | null;
}

/** All stages of a run, also those that have not begun. */
const STAGES = `
  select p.index, a.slug as app, a.name, coalesce(s.state, 'waiting') as state, s.outcome, s.sentence, s.fingerprint,
    s.trace, s.http_status as "httpStatus", coalesce(s.generation, r.generation) as generation,
    coalesce(s.calls, 0) as calls, s.worker, s.queued_at as "queuedAt", s.started_at as "startedAt",
    s.settled_at as "settledAt", coalesce(s.annotations, '{}') as annotations,
    coalesce(s.warnings, '[]') as warnings, coalesce(s.notices, '[]') as notices, s.mark,
    s.running_seconds as "runningSeconds", s.coverage,
    case when s.state = 'retrying' then r.not_before end as "retryAt", d.sha256, d.bytes
  from runs r join batches b on b.id = r.batch_id
    join pipeline_stages p on p.version_id = b.pipeline_version_id join apps a on a.id = p.app_id
    left join stage_runs s on s.run_id = r.id and s.index = p.index
    left join documents d on d.sha256 = s.document
  where r.id = $1 order by p.index`;

/** Runs as they are shown. */
@Injectable()
export class RunsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Runs of a batch by row, `after` being a row; null when there is no such batch. */
  async ofBatch(batchId: number, { after, limit }: Slice): Promise<RunRow[] | null> {
    const rows = await this.dataSource.query<(Omit<RunRow, 'id'> & { id: string })[]>(
      `select r.id, r.row, m.guid, m.title, r.state, r.sentence, (
         select json_agg(coalesce(s.state, 'waiting') order by p.index)
         from pipeline_stages p left join stage_runs s on s.run_id = r.id and s.index = p.index
         where p.version_id = b.pipeline_version_id
       ) as stages
       from batches b join runs r on r.batch_id = b.id join media_files m on m.id = r.media_file_id
       where b.id = $1 and r.row > $2 order by r.row limit $3`,
      [batchId, after ?? -1, limit],
    );
    if (rows.length > 0) return rows.map((row) => ({ ...row, id: Number(row.id) }));
    const known = await this.dataSource.query<unknown[]>('select 1 from batches where id = $1', [batchId]);
    return known.length > 0 ? [] : null;
  }

  /** A run with its stages; null when there is no such run. */
  async find(id: number, documentAddress: DocumentAddress): Promise<RunView | null> {
    const [run] = await this.dataSource.query<RunHead[]>(
      `select r.id, r.batch_id as batch, r.row, m.guid, m.title, r.state, r.generation
       from runs r join media_files m on m.id = r.media_file_id where r.id = $1`,
      [id],
    );
    if (!run) return null;
    const stages = await this.dataSource.query<StageRow[]>(STAGES, [id]);
    return { ...run, id, stages: stages.map((stage) => stageView(stage, documentAddress(id, stage.index))) };
  }
}

function stageView({ sha256, bytes, coverage, ...stage }: StageRow, url: string): StageRunView {
  const { outcome, queuedAt, startedAt, settledAt } = stage;
  return {
    ...stage,
    nextAction: outcome === null ? null : (NEXT_ACTIONS[outcome] ?? null),
    queuedAt: queuedAt?.toISOString() ?? null,
    startedAt: startedAt?.toISOString() ?? null,
    settledAt: settledAt?.toISOString() ?? null,
    retryAt: stage.retryAt?.toISOString() ?? null,
    seconds: startedAt && settledAt ? (settledAt.getTime() - startedAt.getTime()) / 1000 : null,
    coverage: coverage && { ...coverage, gap: coverage.gap ?? null },
    document: sha256 === null ? null : { sha256, bytes: Number(bytes), url },
  };
}
