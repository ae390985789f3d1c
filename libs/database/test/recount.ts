import type { DataSource } from 'typeorm';

/** The stored counters of a batch without zeros. */
export const counters = (dataSource: DataSource, batch: number): Promise<unknown[]> =>
  dataSource.query(
    `select * from (
       select 'runs' as counted, null as index, state, count from batch_run_counts where batch_id = $1
       union all select 'stages', index, state, count from batch_stage_counts where batch_id = $1
       union all select 'failures', index, fingerprint, count from error_groups where batch_id = $1
       union all select 'retries', index, fingerprint, retrying from error_groups where batch_id = $1
       union all select 'marks', index, mark, count from batch_mark_counts where batch_id = $1
     ) counters where count <> 0 order by counted, index, state`,
    [batch],
  );

/** The same numbers, counted from the rows of runs and stage runs. */
export const recount = (dataSource: DataSource, batch: number): Promise<unknown[]> =>
  dataSource.query(
    `with stages as (
       select p.index, coalesce(s.state, 'waiting') as state, s.fingerprint, s.mark
       from runs r join batches b on b.id = r.batch_id
         join pipeline_stages p on p.version_id = b.pipeline_version_id
         left join stage_runs s on s.run_id = r.id and s.index = p.index
       where r.batch_id = $1
     )
     select * from (
       select 'runs' as counted, null as index, state, count(*)::int as count
       from runs where batch_id = $1 group by state
       union all select 'stages', index, state, count(*)::int from stages group by index, state
       union all select 'failures', index, fingerprint, count(*)::int
       from stages where state = 'failed' and fingerprint is not null group by index, fingerprint
       union all select 'retries', index, fingerprint, count(*)::int
       from stages where state = 'retrying' and fingerprint is not null group by index, fingerprint
       union all select 'marks', index, mark, count(*)::int from stages where mark is not null group by index, mark
     ) counted order by counted, index, state`,
    [batch],
  );

/** State and mark of every cell of a batch, row by row, from its stage runs. */
export async function cellsOf(dataSource: DataSource, batch: number): Promise<[string, string | null][]> {
  const rows = await dataSource.query<{ state: string; mark: string | null }[]>(
    `select coalesce(s.state, 'waiting') as state, s.mark
     from runs r join batches b on b.id = r.batch_id join pipeline_stages p on p.version_id = b.pipeline_version_id
       left join stage_runs s on s.run_id = r.id and s.index = p.index
     where r.batch_id = $1 order by r.row, p.index`,
    [batch],
  );
  return rows.map(({ state, mark }) => [state, mark]);
}
