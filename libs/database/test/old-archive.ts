import type pg from 'pg';

/**
 * An archive of the first version of the schema: a finished batch with a failure, a running batch and a draft. Its
 * texts contain quotes and other special characters.
 */
const ROWS = `
  insert into apps (slug, name, version, identifier, url, metadata, metadata_text, metadata_sha256, concurrency,
    deadline_seconds, ready_at)
  values ('shots_v1', 'Shots', 'v1', 'http://apps.clams.ai/shots/v1', 'http://127.0.0.1:5000',
      '{"name": "Shots", "description": "Finds \\"shots\\"."}', '{}', repeat('e', 64), 2, 60, now()),
    ('text_v1', 'Text', 'v1', 'http://apps.clams.ai/text/v1', 'http://127.0.0.1:5001', '{"name": "Text"}', '{}',
      repeat('f', 64), 1, 3600, null);

  insert into media_files (guid, title, path, kind, created_at)
  select 'cpb-aacip-507-' || n, case n % 3 when 0 then '' else 'It''s tape_' || n || ' / 50 %' end,
    '/media/' || n || '.mp4', 'video', timestamptz '2026-01-01' + n * interval '1 s'
  from generate_series(1, 30) n;

  insert into pipelines (name, description) values ('Shots', 'Only shots.'), ('Shots, text', '');
  insert into pipeline_versions (pipeline_id, number, findings)
  values (1, 1, '[]'), (2, 1, '[]'), (2, 2, '[{"stage": 1, "level": "note", "sentence": "Odd."}]');
  insert into pipeline_stages (version_id, index, app_id, parameters, types)
  values (1, 0, 1, '{}', '{}'), (2, 0, 1, '{}', '{}'), (2, 1, 2, '{}', '{}'),
    (3, 0, 1, '{"threshold": 0.5}', '{"threshold": "number"}'), (3, 1, 2, '{}', '{}');

  insert into batches (name, pipeline_version_id, state, version, created_by, started_at, finished_at)
  values ('Finished', 2, 'finished', 40, 'ann', now(), now()), ('Under way', 3, 'running', 7, 'bob', now(), null),
    ('Draft', 1, 'draft', 0, 'ann', null, null);
  insert into runs (batch_id, row, media_file_id, state, generation, root, next_index, sentence, finished_at)
  select 1, n - 1, n, case n when 10 then 'failed' else 'done' end, 1, 1700000000000000000 + n,
    case n when 10 then 1 else 2 end, case n when 10 then 'No frames.' end, now() from generate_series(1, 10) n;
  insert into runs (batch_id, row, media_file_id, state, generation, root, next_index)
  select 2, n - 1, n, case when n < 4 then 'running' else 'waiting' end, (n < 4)::int, 0, (n < 3)::int
  from generate_series(1, 20) n;
  insert into runs (batch_id, row, media_file_id) select 3, n - 21, n from generate_series(21, 30) n;

  insert into documents (sha256, bytes, encoding, content)
  select encode(sha256(('document ' || n)::bytea), 'hex'), length('document ' || n), 'identity', ('document ' || n)::bytea
  from generate_series(1, 20) n;
  insert into stage_runs (run_id, index, state, outcome, sentence, fingerprint, trace, generation, root, delivery, rank,
    calls, worker, queued_at, started_at, settled_at, annotations, mark, coverage, document)
  select r.id, i, case when failed then 'failed' else 'done' end, case when failed then 'app-error' else 'ok' end,
    case when failed then 'No frames.' end, case when failed then 'text_v1 app-error 1a2b' end,
    case when failed then 'Traceback' end, 1, r.root, 1, 2, 1, 'worker-1', now(), now() - interval '10 s', now(),
    '{"TimeFrame": 3}', case when r.row = 0 and i = 0 then 'partial-coverage' end, '{"covered": 1000, "of": 60000}',
    case when not failed then encode(sha256(('document ' || (r.row + 1))::bytea), 'hex') end
  from runs r cross join generate_series(0, 1) i cross join lateral (select r.state = 'failed' and i = 1 as failed) f
  where r.batch_id = 1;
  insert into stage_runs (run_id, index, state, generation, root, delivery, rank, queued_at)
  select id, next_index, 'queued', 1, 0, 0, 0, now() from runs where batch_id = 2 and state = 'running';

  insert into batch_run_counts values (1, 'done', 9), (1, 'failed', 1), (2, 'running', 3), (2, 'waiting', 17),
    (3, 'waiting', 10);
  insert into batch_stage_counts values (1, 0, 'done', 10), (1, 1, 'done', 9), (1, 1, 'failed', 1), (2, 0, 'queued', 1),
    (2, 0, 'waiting', 17), (2, 0, 'done', 2), (2, 1, 'queued', 2), (2, 1, 'waiting', 18), (3, 0, 'waiting', 10);
  insert into batch_mark_counts values (1, 0, 'partial-coverage', 1);
  insert into error_groups values (1, 1, 'text_v1 app-error 1a2b', 'text_v1', 'app-error', 'No frames.', 1);
  insert into recorder_cursor values ('EVENTS', '2026-01-01', 99);
  insert into recorder_parked values ('2026-01-01', 98, 'event.1.1.0.settled', 'No JSON.', '\\x00ff');
  insert into used_sign_in_codes values ('0a1b');`;

/** Fills a database that only has the first migration. */
export async function fillOldArchive(client: pg.Client): Promise<void> {
  await client.query(ROWS);
}
