import type { EntityManager } from 'typeorm';
import type { MediaFileSearch, UnknownGuids } from '#libs/contracts';
import { GUID_KEY } from '../media-files/media-file-keys.js';
import { searched, Values } from '../media-files/media-file-search.js';
import { textArray } from '../search/text-array.js';

/** A given GUID and the key that all its spellings share. */
export interface GivenGuid {
  readonly given: string;
  readonly key: string;
}

/** Source of the files of a collection. */
export type CollectionSource =
  | { readonly guids: readonly GivenGuid[] }
  | { readonly search: MediaFileSearch }
  /** ID of an import: all media files that it contains. */
  | { readonly import: number };

/** Number of media files that were added or removed, and the unknown GUIDs. */
export interface MembersChange {
  readonly changed: number;
  readonly unknown: UnknownGuids;
}

/** Number of unknown GUIDs that are listed. */
const NAMED_GUIDS = 200;
const NONE_UNKNOWN: UnknownGuids = { count: 0, guids: [] };

/** Rows (n, given, id) of GUIDs; an exact spelling takes precedence over other registered spellings. */
const RESOLVED = `
  select t.n, t.given, (
    select m.id from media_files m where ${GUID_KEY} = t.key order by m.guid = t.given desc, m.id limit 1
  ) as id
  from unnest($2::text[], $3::text[]) with ordinality as t(given, key, n)`;

/** Adds media files to a collection whose row is locked. */
export async function addFiles(
  manager: EntityManager,
  collection: number,
  source: CollectionSource,
): Promise<MembersChange> {
  if ('guids' in source) return changeByGuids(manager, collection, source.guids, ADDED);
  const values = new Values();
  const id = values.add(collection);
  const found = foundBy(source, values);
  const [counted] = await manager.query<[{ changed: number }]>(
    `with added as (
       insert into collection_files (collection_id, media_file_id) ${found(id)} on conflict do nothing returning 1
     ) select count(*)::int as changed from added`,
    values.list,
  );
  return { ...counted, unknown: NONE_UNKNOWN };
}

/** Removes media files from a collection whose row is locked; files that are not in it are ignored. */
export const removeFiles = (
  manager: EntityManager,
  collection: number,
  guids: readonly GivenGuid[],
): Promise<MembersChange> => changeByGuids(manager, collection, guids, REMOVED);

function foundBy(
  source: Exclude<CollectionSource, { guids: unknown }>,
  values: Values,
): (collection: string) => string {
  if ('search' in source) {
    const { from, where } = searched(source.search, values);
    return (collection) => `select ${collection}::int, m.id from ${from} where ${where}`;
  }
  const imported = values.add(source.import);
  return (collection) =>
    `select distinct ${collection}::int, m.id from import_lines l join media_files m on m.id = l.media_file_id
     where l.import_id = ${imported} and l.result in ('added', 'present')`;
}

const ADDED = `
  insert into collection_files (collection_id, media_file_id)
  select distinct $1::int, id from resolved where id is not null on conflict do nothing returning 1`;
const REMOVED = `
  delete from collection_files c using (select distinct id from resolved) r
  where c.collection_id = $1 and c.media_file_id = r.id returning 1`;

async function changeByGuids(
  manager: EntityManager,
  collection: number,
  guids: readonly GivenGuid[],
  change: string,
): Promise<MembersChange> {
  if (guids.length === 0) return { changed: 0, unknown: NONE_UNKNOWN };
  const [row] = await manager.query<[{ changed: number; count: number; guids: string[] | null }]>(
    `with resolved as materialized (${RESOLVED}), changed as (${change})
     select (select count(*)::int from changed) as changed, count(*)::int as count,
       (array_agg(given order by n))[1:${NAMED_GUIDS}] as guids
     from resolved where id is null`,
    [collection, textArray(guids.map(({ given }) => given)), textArray(guids.map(({ key }) => key))],
  );
  return { changed: row.changed, unknown: { count: row.count, guids: row.guids ?? [] } };
}
