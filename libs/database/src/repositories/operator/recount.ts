import type { EntityManager } from 'typeorm';
import type { StageState } from '#libs/contracts';

/** Kinds of counters of a batch. */
export type Counted = 'runs' | 'stages' | 'marks' | 'failures' | 'retries';

/** A stored counter that differs from the rows. */
export interface Miscount {
  readonly counted: Counted;
  /** Stage from 0; -1 for runs. */
  readonly index: number;
  /** The state, mark or fingerprint. */
  readonly name: string;
  readonly kept: number;
  readonly found: number;
}

const MISCOUNTS = `
  with stages as (
    select p.index, coalesce(s.state, 'waiting') as state, s.fingerprint, s.mark
    from runs r join batches b on b.id = r.batch_id
      join pipeline_stages p on p.version_id = b.pipeline_version_id
      left join lateral (
        select state, fingerprint, mark from stage_runs where run_id = r.id and index = p.index offset 0
      ) s on true
    where r.batch_id = $1
  ), found as (
    select 'runs' as counted, -1 as index, state as name, count(*)::int as count
    from runs where batch_id = $1 group by state
    union all select 'stages', index, state, count(*)::int from stages group by index, state
    union all select 'marks', index, mark, count(*)::int from stages where mark is not null group by index, mark
    union all select 'failures', index, fingerprint, count(*)::int from stages
    where state = 'failed' and fingerprint is not null group by index, fingerprint
    union all select 'retries', index, fingerprint, count(*)::int from stages
    where state = 'retrying' and fingerprint is not null group by index, fingerprint
  ), kept as (
    select 'runs' as counted, -1 as index, state as name, count from batch_run_counts where batch_id = $1
    union all select 'stages', index, state, count from batch_stage_counts where batch_id = $1
    union all select 'marks', index, mark, count from batch_mark_counts where batch_id = $1
    union all select 'failures', index, fingerprint, count from error_groups where batch_id = $1
    union all select 'retries', index, fingerprint, retrying from error_groups where batch_id = $1
  )
  select counted, index, name, coalesce(kept.count, 0) as kept, coalesce(found.count, 0) as found
  from kept full join found using (counted, index, name)
  where coalesce(kept.count, 0) <> coalesce(found.count, 0)
  order by counted, index, name`;

/** Every counter of a batch that differs from a recount, in one snapshot. */
export const miscounts = (manager: EntityManager, batch: number): Promise<Miscount[]> =>
  manager.query<Miscount[]>(MISCOUNTS, [batch]);

const groupsOf = (state: StageState, column: 'count' | 'retrying'): string => `
    insert into error_groups (batch_id, index, fingerprint, app, outcome, sentence, count, retrying)
    select $1::int, recount.index, recount.name, coalesce(sample.app, ''), coalesce(sample.outcome, ''),
      coalesce(sample.sentence, ''), ${column === 'count' ? 'recount.count, 0' : '0, recount.count'}
    from unnest($2::int[], $3::text[], $4::int[]) as recount(index, name, count)
      left join lateral (
        select a.slug as app, s.outcome, s.sentence
        from runs r join stage_runs s on s.run_id = r.id join batches b on b.id = r.batch_id
          join pipeline_stages p on p.version_id = b.pipeline_version_id and p.index = s.index
          join apps a on a.id = p.app_id
        where r.batch_id = $1 and s.index = recount.index and s.state = '${state}' and s.fingerprint = recount.name
        order by r.id limit 1
      ) sample on true
    on conflict (batch_id, index, fingerprint) do update set ${column} = excluded.${column}`;

/** In the lock order that all transactions use for these tables. */
const WRITES: Readonly<Record<Counted, string>> = {
  stages: `
    insert into batch_stage_counts (batch_id, index, state, count)
    select $1::int, * from unnest($2::int[], $3::text[], $4::int[])
    on conflict (batch_id, index, state) do update set count = excluded.count`,
  marks: `
    insert into batch_mark_counts (batch_id, index, mark, count)
    select $1::int, * from unnest($2::int[], $3::text[], $4::int[])
    on conflict (batch_id, index, mark) do update set count = excluded.count`,
  runs: `
    insert into batch_run_counts (batch_id, state, count)
    select $1::int, name, count from unnest($2::int[], $3::text[], $4::int[]) as recount(index, name, count)
    on conflict (batch_id, state) do update set count = excluded.count`,
  failures: groupsOf('failed', 'count'),
  retries: groupsOf('retrying', 'retrying'),
};

/** Replaces the stored counters with the recounted numbers. */
export async function writeRecount(
  manager: EntityManager,
  batch: number,
  miscounted: readonly Miscount[],
): Promise<void> {
  for (const [counted, statement] of Object.entries(WRITES)) {
    const ofTable = miscounted.filter((miscount) => miscount.counted === counted);
    if (ofTable.length === 0) continue;
    await manager.query(statement, [
      batch,
      ofTable.map(({ index }) => index),
      ofTable.map(({ name }) => name),
      ofTable.map(({ found }) => found),
    ]);
  }
}
