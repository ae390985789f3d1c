import type { EntityManager } from 'typeorm';

/** Why a new batch cannot use the version. */
export type NoVersion =
  | { readonly result: 'unknown-pipeline' | 'unknown-version' }
  | { readonly result: 'archived-pipeline'; readonly pipeline: string };

/** ID of a version by number, or of the newest version. New batches cannot use an archived pipeline. */
export async function pipelineVersion(
  manager: EntityManager,
  name: string,
  number: number | null,
): Promise<number | NoVersion> {
  const [known] = await manager.query<{ id: number | null; archived: boolean }[]>(
    `select v.id, p.archived_at is not null as archived from pipelines p
       left join pipeline_versions v on v.pipeline_id = p.id and ($2::int is null or v.number = $2)
     where p.name = $1 order by v.number desc limit 1`,
    [name, number],
  );
  if (!known) return { result: 'unknown-pipeline' };
  if (known.archived) return { result: 'archived-pipeline', pipeline: name };
  return known.id ?? { result: 'unknown-version' };
}
