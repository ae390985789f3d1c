import pg from 'pg';

/** Size of an archive. */
export interface ArchiveSize {
  readonly files: number;
  readonly batches: number;
  readonly filesPerBatch: number;
  readonly stages: number;
}

/**
 * One title in 20 consists of words, and one media file in 500 is in each collection. Constraints are not checked, which
 * would double the time.
 */
const fill = ({ files, batches, filesPerBatch, stages }: ArchiveSize): string => `
  set session_replication_role = replica;

  insert into apps (slug, name, version, identifier, url, metadata, metadata_text, metadata_sha256, concurrency,
    deadline_seconds, ready_at)
  select 'app-' || n || '_v1', 'App ' || n, 'v1', 'http://apps.clams.ai/app-' || n || '/v1', 'http://127.0.0.1:9',
    json_build_object('name', 'App ' || n, 'identifier', 'http://apps.clams.ai/app-' || n || '/v1'), '{}', repeat('e', 64),
    1, 60, now()
  from generate_series(0, ${stages - 1}) n;
  insert into pipelines (name, description) values ('Large', '');
  insert into pipeline_versions (pipeline_id, number) select id, 1 from pipelines where name = 'Large';
  insert into pipeline_stages (version_id, index, app_id, parameters)
  select (select max(id) from pipeline_versions), row_number() over (order by id) - 1, id, '{}'
  from apps where slug like 'app-%';

  insert into media_files (guid, title, path, kind, duration_ms)
  select 'cpb-aacip-507-' || substr(md5(n::text), 1, 10) || n, case n % 20 when 0 then 'Evening news of day ' || n else 'Tape ' || md5((n + 1)::text) end, '/media/' || n || '.mp4', 'video',
    60000 from generate_series(1, ${files}) n;
  insert into collections (name, description, files, created_by)
  select 'Collection ' || n, '', ${Math.floor(files / 500)}, 'test' from generate_series(1, 5) n;
  insert into collection_files (collection_id, media_file_id)
  select c.id, m.id from collections c join media_files m on m.id % 500 = c.id;

  insert into batches (name, pipeline_version_id, state, version, created_by, reuse, started_at, finished_at)
  select 'Batch ' || n, (select max(id) from pipeline_versions), case n % 3 when 0 then 'running' else 'finished' end,
    10, 'test', true, now(), case n % 3 when 0 then null else now() end from generate_series(1, ${batches}) n;
  insert into runs (batch_id, row, media_file_id, state, generation, next_index, finished_at,
    input_document)
  select b.id, n, (b.id * 7919 + n) % ${files} + 1, f.state, case f.state when 'waiting' then 0 else 1 end,
    case f.state when 'failed' then 1 when 'waiting' then 0 else ${stages} end, now(),
    case when n % 3 = 0 then encode(sha256((n + 1)::text::bytea), 'hex') end
  from batches b cross join generate_series(0, ${filesPerBatch - 1}) n cross join lateral (
    select case when n % 50 = 0 then 'failed' when b.state = 'running' and n % 9 = 0 then 'waiting' else 'done' end as state
  ) f order by b.id, n;

  insert into untouched_files (media_file_id)
  select id from media_files m where not exists (select 1 from runs r where r.media_file_id = m.id);

  insert into documents (sha256, bytes, encoding, content, stored_bytes)
  select encode(sha256(n::text::bytea), 'hex'), 12, 'identity', '{"views":[]}', 12 from generate_series(1, ${files}) n;
  insert into stage_runs (run_id, index, state, outcome, sentence, fingerprint, generation, root, delivery, rank, calls,
    worker, started_at, settled_at, mark, coverage, document, app)
  select r.id, i, case when failed then 'failed' else 'done' end, case when failed then 'app-error' else 'ok' end,
    case when failed then 'No frames.' end, case when failed then 'fingerprint-' || r.id % 7 end, 1, 1, 1, 2, 1,
    'worker-' || r.id % 5, now() - r.id * interval '1 s', now() - r.id * interval '1 s' + interval '10 s',
    case when r.row % 40 = 1 then 'partial' end, '{"covered": 1000, "of": 60000}',
    case when not failed then encode(sha256((r.row % ${filesPerBatch} + 1)::text::bytea), 'hex') end, 'app-' || i || '_v1'
  from runs r cross join generate_series(0, ${stages - 1}) i
    cross join lateral (select r.state = 'failed' and i = 1 as failed) f
  where r.state = 'done' or r.state = 'failed' and i <= 1;
  insert into past_stage_runs (run_id, index, generation, root, state, outcome, settled_at, document)
  select id, 0, 0, 1, 'failed', 'timeout', now(),
    case when id % 4 = 0 then encode(sha256((row % ${filesPerBatch} + 1)::text::bytea), 'hex') end
  from runs where id % 2 = 0;
  insert into operator_actions (actor, verb, request, answer, batches)
  select 'test', 'pause', '{}', '{}', array[n % ${batches} + 1] from generate_series(1, ${files}) n;

  insert into batch_run_counts (batch_id, state, count) select batch_id, state, count(*) from runs group by 1, 2;
  insert into batch_stage_counts (batch_id, index, state, count)
  select r.batch_id, s.index, s.state, count(*) from stage_runs s join runs r on r.id = s.run_id group by 1, 2, 3;
  insert into batch_mark_counts (batch_id, index, mark, count)
  select r.batch_id, s.index, s.mark, count(*) from stage_runs s join runs r on r.id = s.run_id
  where s.mark is not null group by 1, 2, 3;
  insert into error_groups (batch_id, index, fingerprint, app, outcome, sentence, count)
  select r.batch_id, s.index, s.fingerprint, s.app, s.outcome, s.sentence, count(*)
  from stage_runs s join runs r on r.id = s.run_id where s.fingerprint is not null group by 1, 2, 3, 4, 5, 6;

  set session_replication_role = origin;`;

/** Fills a migrated database with an archive of the given size and updates the statistics of Postgres. */
export async function fillLargeArchive(databaseUrl: string, size: ArchiveSize): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(fill(size));
    await client.query('vacuum analyze');
  } finally {
    await client.end();
  }
}
