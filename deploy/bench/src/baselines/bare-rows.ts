import { addMediaFiles, withClient } from '../chowda/media-rows.js';
import type { BareRun } from './bare-run.js';

/** A batch of a baseline with its runs. */
export interface BareBatch {
  readonly batch: number;
  readonly runs: readonly BareRun[];
}

let batches = 0;

/** Writes the rows of a new batch of `files` files, in their state before a worker starts. */
export async function addBareBatch(databaseUrl: string, files: number): Promise<BareBatch> {
  batches += 1;
  const prefix = `bench-${process.pid}-${batches}-`;
  await addMediaFiles(databaseUrl, prefix, files);
  return withClient(databaseUrl, async (client) => {
    await client.query(`insert into pipelines (name, description) values ('bench', '') on conflict do nothing`);
    await client.query(
      `insert into pipeline_versions (pipeline_id, number) select id, 1 from pipelines on conflict do nothing`,
    );
    const { rows: created } = await client.query<{ id: number }>(
      `insert into batches (name, pipeline_version_id, created_by, state)
       select $1, id, 'bench', 'running' from pipeline_versions returning id`,
      [prefix],
    );
    const batch = created[0]!.id;
    const { rows } = await client.query<BareRun & { id: string }>(
      `with added as (
         insert into runs (batch_id, row, media_file_id, state)
         select $1, row_number() over (order by id) - 1, id, 'running' from media_files where guid like $2 || '%'
         returning id, row, media_file_id
       )
       select a.id, a.row, m.guid, m.path from added a join media_files m on m.id = a.media_file_id order by a.row`,
      [batch, prefix],
    );
    return { batch, runs: rows.map((run) => ({ ...run, id: Number(run.id) })) };
  });
}
