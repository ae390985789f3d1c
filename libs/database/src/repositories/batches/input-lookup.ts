import type { InputChoice } from '#libs/contracts';

/**
 * Expression for the input document chosen for the run `r`, or null; its parameters are numbered from `first`. It is
 * evaluated per run, so that no plan joins all runs with all others.
 */
export function inputLookup(
  input: InputChoice,
  first: number,
): { readonly expression: string; readonly parameters: readonly unknown[] } {
  const found = 'select s.document from runs o join stage_runs s on s.run_id = o.id';
  switch (input.kind) {
    case 'source':
      return { expression: 'null::text', parameters: [] };
    case 'latest':
      return {
        expression: `(${found} and s.index = o.next_index - 1
          where o.media_file_id = r.media_file_id and o.batch_id <> r.batch_id and o.state = 'done'
            and exists (select 1 from batches ob where ob.id = o.batch_id)
            and s.document is not null
          order by o.finished_at desc, o.id desc limit 1)`,
        parameters: [],
      };
    case 'stage':
      return {
        expression: `(${found} and s.index = $${first + 1}::int
          where o.media_file_id = r.media_file_id and o.batch_id = $${first}::int and s.state in ('done', 'skipped'))`,
        parameters: [input.batch, input.stage],
      };
  }
}
