import type { Chowda } from './chowda.js';
import { PIPELINE } from './chowda.js';
import { addMediaFiles, withClient } from './media-rows.js';

const FILES_PER_BATCH = 10_000;
/** Skips the checks of foreign keys, which are valid by construction: checking a million rows takes minutes. */
const FAST = 'set session_replication_role = replica; set synchronous_commit = off';

/** Creates one finished batch of the files whose GUIDs start with $2, with all rows that the recorder writes. */
const FINISHED_BATCH = `
  with version as (
    select v.id from pipelines p join pipeline_versions v on v.pipeline_id = p.id where p.name = $1 limit 1
  ), batch as (
    insert into batches (name, pipeline_version_id, created_by, state, version, started_at, finished_at)
    select $2, id, 'bench', 'finished', 1, now(), now() from version returning id
  ), added as (
    insert into runs (batch_id, row, media_file_id, state, generation, root, next_index, admitted_at, finished_at)
    select batch.id, row_number() over (order by m.id) - 1, m.id, 'done', 1, 1, $3, now(), now()
    from media_files m, batch where m.guid like $2 || '%' returning id
  ), stages as (
    select added.id, index, encode(sha256((added.id || '/' || index)::bytea), 'hex') as sha256
    from added, generate_series(0, $3::int - 1) index
  ), archived as (
    insert into documents (sha256, bytes, encoding, content, stored_bytes)
    select sha256, 400, 'identity', decode(repeat(sha256, 12), 'hex'), 384 from stages
  )
  insert into stage_runs (run_id, index, state, outcome, sentence, http_status, generation, root, delivery, rank, calls,
    worker, queued_at, started_at, settled_at, annotations, document)
  select id, index, 'done', 'ok', 'bench found 1 TimeFrame.', 200, 1, 1, 1, 2, 1, 'bench', now(), now(), now(),
    '{"TimeFrame": 1}', sha256 from stages`;

/** Fills the tables of a running Chowda with finished batches until they contain `rows` stage rows. */
export async function addFinishedStages({ databaseUrl, slugs }: Chowda, rows: number): Promise<void> {
  let left = Math.ceil(rows / slugs.length);
  for (let batch = 0; left > 0; batch += 1) {
    const files = Math.min(left, FILES_PER_BATCH);
    left -= files;
    const prefix = `finished-${batch}-`;
    await addMediaFiles(databaseUrl, prefix, files);
    await withClient(databaseUrl, async (client) => {
      await client.query(FAST);
      await client.query(FINISHED_BATCH, [PIPELINE, prefix, slugs.length]);
    });
  }
  await withClient(databaseUrl, (client) => client.query('vacuum analyze'));
}
