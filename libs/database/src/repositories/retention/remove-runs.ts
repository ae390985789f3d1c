import type { EntityManager } from 'typeorm';

/** The tables that belong to runs. */
const OF_RUNS = ['stage_runs', 'past_stage_runs', 'stage_progress'];

/** Media files of these runs that are no longer in a started batch. */
const UNTOUCHED = `
  insert into untouched_files (media_file_id)
  select r.media_file_id from runs r
    left join lateral (
      select true as found from runs o join batches b on b.id = o.batch_id
      where o.media_file_id = r.media_file_id and b.state <> 'draft' limit 1
    ) started on true
  where r.id = any($1::bigint[]) and started.found is null order by r.media_file_id on conflict do nothing`;

/**
 * Deletes the first runs of a deleted batch, up to a limit. With the last run it schedules a pass over the documents.
 * Returns the number of deleted runs.
 */
export async function removeRuns(manager: EntityManager, batch: number, limit: number): Promise<number> {
  const runs = await manager.query<{ id: string }[]>(
    'select id from runs where batch_id = $1 order by row limit $2 for update',
    [batch, limit],
  );
  const ids = runs.map(({ id }) => id);
  await manager.query(UNTOUCHED, [ids]);
  for (const table of OF_RUNS) await manager.query(`delete from ${table} where run_id = any($1::bigint[])`, [ids]);
  await manager.query('delete from runs where id = any($1::bigint[])', [ids]);
  if (runs.length < limit) {
    await manager.query('delete from deleted_batches where batch_id = $1', [batch]);
    await manager.query('update document_sweep set wanted = true');
  }
  return runs.length;
}
