import type { EntityManager } from 'typeorm';

/** Why there is no such version. */
export type NoVersion = { readonly result: 'unknown-pipeline' | 'unknown-version' };

/** Id of a pipeline's version of that number, or of its newest one. */
export async function pipelineVersion(
  manager: EntityManager,
  name: string,
  number: number | null,
): Promise<number | NoVersion> {
  const [known] = await manager.query<{ id: number | null }[]>(
    `select v.id from pipelines p
       left join pipeline_versions v on v.pipeline_id = p.id and ($2::int is null or v.number = $2)
     where p.name = $1 order by v.number desc limit 1`,
    [name, number],
  );
  if (!known) return { result: 'unknown-pipeline' };
  return known.id ?? { result: 'unknown-version' };
}
