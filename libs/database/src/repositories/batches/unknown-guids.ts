import type { EntityManager } from 'typeorm';
import { textArray } from '../search/text-array.js';

/** Number of unknown GUIDs that are listed. */
const NAMED_GUIDS = 20;

/** Number of the given GUIDs that are not registered, and the first of them. */
export async function unknownGuids(
  manager: EntityManager,
  guids: readonly string[],
): Promise<{ count: number; guids: string[] }> {
  const [unknown] = await manager.query<[{ count: number; guids: string[] | null }]>(
    `select count(*)::int as count, (array_agg(t.guid order by t.n))[1:${NAMED_GUIDS}] as guids
     from unnest($1::text[]) with ordinality as t(guid, n) left join media_files m on m.guid = t.guid
     where m.id is null`,
    [textArray(guids)],
  );
  return { count: unknown.count, guids: unknown.guids ?? [] };
}
