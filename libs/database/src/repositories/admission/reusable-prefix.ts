/**
 * Statement for `run`, `batch` and `length` of the earlier run from which a run can reuse the most stages; the newest
 * of several. The run is a row `fresh` with id, batch_id, media_file_id, input_document, version (of its pipeline),
 * vocabulary (of its source), changed_at (of its file) and stages. Equal first inputs and equal apps and parameters
 * imply that all inputs in the prefix were equal. A stage that started before the file changed read another file and is
 * not reused.
 */
export const REUSABLE_PREFIX = `
  select o.id as run, o.batch_id as batch, prefix.length
  from runs o join batches ob on ob.id = o.batch_id join pipeline_versions ov on ov.id = ob.pipeline_version_id
    cross join lateral (
      select coalesce(min(p.index) filter (where not coalesce(
        p.index < o.next_index and op.app_id = p.app_id and op.parameters = p.parameters and op.types = p.types
          and s.state in ('done', 'skipped') and s.document is not null
          and coalesce(s.started_at, s.settled_at) >= fresh.changed_at, false
      )), fresh.stages) as length
      from pipeline_stages p
        left join pipeline_stages op on op.version_id = ob.pipeline_version_id and op.index = p.index
        left join stage_runs s on s.run_id = o.id and s.index = p.index
      where p.version_id = fresh.version
    ) prefix
  where o.media_file_id = fresh.media_file_id and o.batch_id <> fresh.batch_id and o.next_index > 0
    and o.input_document is not distinct from fresh.input_document
    and (fresh.input_document is not null or ov.source_vocabulary = fresh.vocabulary) and prefix.length > 0
  order by prefix.length desc, o.id desc limit 1`;
