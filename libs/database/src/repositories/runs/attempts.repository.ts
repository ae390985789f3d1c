import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { AttemptView } from '#libs/contracts';
import { PAST_COLUMNS } from '../state/past-stages.js';
import type { PageRange } from '../search/page-range.js';
import { STAGE_COLUMNS, type StageRow, stageView } from './stage-view.js';

/** URL of the document of an attempt. */
export type AttemptAddress = (run: number, index: number, attempt: string) => string;

type AttemptRow = StageRow & { readonly root: string; readonly current: boolean; readonly rawReplay: boolean };

/**
 * Attempts in the order of their start, so that later attempts never move a page. A past attempt in state `retrying`
 * has failed.
 */
const ATTEMPTS = `
  select s.index, s.root, s.generation, s.current, s.raw_replay as "rawReplay",
    a.slug as app, a.name, ${STAGE_COLUMNS}, d.sha256, d.bytes,
    case when s.state = 'retrying' and not s.current then 'failed' else s.state end as state,
    case when s.state = 'retrying' and s.current then r.not_before end as "retryAt"
  from (
      select ${PAST_COLUMNS}, false as current from past_stage_runs where run_id = $1
      union all
      select ${PAST_COLUMNS}, true from stage_runs where run_id = $1
    ) s
    join runs r on r.id = s.run_id join batches b on b.id = r.batch_id
    join pipeline_stages p on p.version_id = b.pipeline_version_id and p.index = s.index
    join apps a on a.id = p.app_id left join documents d on d.sha256 = s.document
  where s.state <> 'waiting' and ($2::int is null or s.index = $2)
  order by s.generation, s.root, s.index, s.current offset $3 limit $4`;

/** The history of runs: all attempts of their stages. */
@Injectable()
export class AttemptsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Attempts of all stages of a run or of one stage, oldest first, without the first `after`; null when there is no
   * such run.
   */
  async ofRun(
    run: number,
    { stage, after, limit }: PageRange & { readonly stage: number | null },
    address: AttemptAddress,
  ): Promise<AttemptView[] | null> {
    const rows = await this.dataSource.query<AttemptRow[]>(ATTEMPTS, [run, stage, after ?? 0, limit]);
    if (rows.length > 0)
      return rows.map(({ root, current, rawReplay, ...row }) => {
        const attempt = `${row.generation}-${root}`;
        return {
          ...stageView(row, address(run, row.index, attempt)),
          attempt,
          ...(rawReplay ? { rawReplay } : {}),
          current,
        };
      });
    const known = await this.dataSource.query<unknown[]>('select 1 from runs where id = $1', [run]);
    return known.length > 0 ? [] : null;
  }
}
