import type { EntityManager } from 'typeorm';
import type { InputChoice } from '#libs/contracts';
import { inputLookup } from './input-lookup.js';

/** Number of files without the chosen document that are listed. */
const NAMED_GUIDS = 20;

/** How many runs of a draft have an input document, and which runs lack the chosen one. */
export interface FoundInputs {
  readonly found: number;
  readonly missing: { readonly count: number; readonly guids: readonly string[] };
}

/** Finds the input documents of a draft's runs without writing. */
export async function findInputs(
  manager: Pick<EntityManager, 'query'>,
  batch: number,
  input: InputChoice,
): Promise<FoundInputs> {
  const { expression, parameters } = inputLookup(input, 2);
  const [row] = await manager.query<[{ found: number; count: number; guids: string[] | null }]>(
    `with looked as materialized (
       select r.row, m.guid, coalesce(r.input_document, ${expression}) as document
       from runs r cross join lateral (select guid from media_files where id = r.media_file_id offset 0) m
       where r.batch_id = $1
     )
     select count(document)::int as found, count(*) filter (where document is null)::int as count,
       (array_agg(guid order by row) filter (where document is null))[1:${NAMED_GUIDS}] as guids
     from looked`,
    [batch, ...parameters],
  );
  const { found, count, guids } = row;
  return { found, missing: input.kind === 'source' ? { count: 0, guids: [] } : { count, guids: guids ?? [] } };
}

/** Writes the input documents of a batch whose runs are locked and have not started. */
export async function resolveInputs(manager: EntityManager, batch: number, input: InputChoice): Promise<void> {
  const { expression, parameters } = inputLookup(input, 2);
  await manager.query(
    `update runs r set input_document = ${expression} where r.batch_id = $1 and r.input_document is null`,
    [batch, ...parameters],
  );
}

/** Whether the chosen stage exists; other choices are always valid. */
export async function isKnownInput(manager: Pick<EntityManager, 'query'>, input: InputChoice): Promise<boolean> {
  if (input.kind !== 'stage') return true;
  const known = await manager.query<unknown[]>(
    `select 1 from batches b join pipeline_stages s on s.version_id = b.pipeline_version_id
     where b.id = $1 and s.index = $2`,
    [input.batch, input.stage],
  );
  return known.length > 0;
}
