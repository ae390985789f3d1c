import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { BatchState, BatchView } from '#libs/contracts';
import { BatchSummaries } from './batch-summaries.js';
import type { PageRange } from '../search/page-range.js';

type BatchRow = Omit<BatchView, 'files' | 'summary' | 'createdAt' | 'startedAt' | 'finishedAt'> & {
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
};

const BATCHES = `
  select b.id, b.name, json_build_object('id', p.id, 'name', p.name, 'version', v.number) as pipeline,
    b.created_by as "createdBy", b.created_at as "createdAt", b.started_at as "startedAt",
    b.finished_at as "finishedAt", b.started_by as "startedBy", b.weight, b.archived_at is not null as archived, b.input, b.reuse
  from batches b join pipeline_versions v on v.id = b.pipeline_version_id join pipelines p on p.id = v.pipeline_id`;

/** Filter of the list of batches. */
export interface BatchFilter {
  readonly state?: BatchState | undefined;
  /** Part of the name, case-insensitive. */
  readonly query?: string | undefined;
  readonly archived: boolean;
}

/** Reads batches with their summaries. */
@Injectable()
export class BatchListRepository {
  constructor(
    private readonly dataSource: DataSource,
    private readonly summaries: BatchSummaries,
  ) {}

  /** One batch; null when there is no such batch. */
  async find(id: number): Promise<BatchView | null> {
    const [batch] = await this.withSummaries(await this.dataSource.query(`${BATCHES} where b.id = $1`, [id]));
    return batch ?? null;
  }

  /** Batches, newest first; `after` is the ID of the last batch of the previous page. */
  async list(
    { after, limit }: PageRange,
    { state, query, archived }: BatchFilter = { archived: false },
  ): Promise<BatchView[]> {
    return this.withSummaries(
      await this.dataSource.query(
        `${BATCHES} where ($1::int is null or b.id < $1) and ($3::text is null or b.state = $3)
           and ($4::text is null or strpos(lower(b.name), lower($4)) > 0) and (b.archived_at is not null) = $5::boolean
         order by b.id desc limit $2`,
        [after, limit, state, query, archived],
      ),
    );
  }

  private async withSummaries(rows: readonly BatchRow[]): Promise<BatchView[]> {
    const summaries = await this.summaries.of(rows.map(({ id }) => id));
    return rows.map((row) => {
      const summary = summaries.get(row.id)!;
      return {
        ...row,
        files: Object.values(summary.runs).reduce((sum, count) => sum + count, 0),
        createdAt: row.createdAt.toISOString(),
        startedAt: row.startedAt?.toISOString() ?? null,
        finishedAt: row.finishedAt?.toISOString() ?? null,
        summary,
      };
    });
  }
}
