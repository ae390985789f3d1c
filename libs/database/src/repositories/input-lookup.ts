import type { InputChoice } from '#libs/contracts';

/** Statement that gives `run` and `document` of what is chosen for the runs of a batch that have no document of their own. */
export function inputLookup(
  batch: number,
  input: InputChoice,
): { readonly statement: string; readonly parameters: readonly unknown[] } {
  const runs = 'from runs r cross join lateral';
  const others = 'from runs o join stage_runs s on s.run_id = o.id';
  const open = 'where r.batch_id = $1 and r.input_document is null';
  switch (input.kind) {
    case 'source':
      return {
        statement: 'select null::bigint as run, null::text as document where $1::int is null',
        parameters: [batch],
      };
    case 'latest':
      return {
        statement: `select r.id as run, newest.document ${runs} (
            select s.document ${others} and s.index = o.next_index - 1
            where o.media_file_id = r.media_file_id and o.batch_id <> r.batch_id and o.state = 'done'
              and s.document is not null
            order by o.finished_at desc, o.id desc limit 1
          ) newest ${open}`,
        parameters: [batch],
      };
    case 'stage':
      return {
        statement: `select r.id as run, chosen.document ${runs} (
            select s.document ${others} and s.index = $3::int
            where o.media_file_id = r.media_file_id and o.batch_id = $2::int and s.state in ('done', 'skipped')
              and s.document is not null
          ) chosen ${open}`,
        parameters: [batch, input.batch, input.stage],
      };
  }
}
