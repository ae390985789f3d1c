import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { CollectionView, UnknownGuids } from '#libs/contracts';
import { addFiles, type CollectionSource, type GivenGuid, removeFiles } from './collection-files.js';
import { recordAction } from '../commands/operator-action.js';
import type { PageRange } from '../search/page-range.js';

type CollectionRow = Omit<CollectionView, 'createdAt'> & { readonly createdAt: Date };

/** A collection to create. */
export interface NewCollectionRow {
  readonly name: string;
  readonly description: string;
  readonly createdBy: string;
  /** Its initial files; null: none. */
  readonly source: CollectionSource | null;
}

/** Result of a creation; only `created` changes anything. */
export type CollectionCreation =
  | { readonly result: 'created'; readonly collection: CollectionView; readonly unknown: UnknownGuids }
  | { readonly result: 'name-taken' }
  | { readonly result: 'nothing-found'; readonly unknown: UnknownGuids };

/** Result of a change to the files of a collection. */
export interface FilesChange {
  readonly added: number;
  readonly removed: number;
  readonly unknown: UnknownGuids;
  readonly collection: CollectionView;
}

const VIEW = `id, name, description, files, created_by as "createdBy", created_at as "createdAt"`;
const UNIQUE_NAMES = 'collections_by_name';

/** Named sets of media files. */
@Injectable()
export class CollectionsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Creates a collection with the files of its source, in one transaction. */
  create({ name, description, createdBy, source }: NewCollectionRow): Promise<CollectionCreation> {
    return this.dataSource.transaction(async (manager) => {
      const [created] = await manager.query<{ id: number }[]>(
        `insert into collections (name, description, created_by) values ($1, $2, $3)
         on conflict (lower(name)) do nothing returning id`,
        [name, description, createdBy],
      );
      if (!created) return { result: 'name-taken' };
      const { changed, unknown } = source
        ? await addFiles(manager, created.id, source)
        : { changed: 0, unknown: { count: 0, guids: [] } };
      if (source && changed === 0) {
        await manager.query('delete from collections where id = $1', [created.id]);
        return { result: 'nothing-found', unknown };
      }
      const [[collection]] = await manager.query<[[CollectionRow], number]>(
        `update collections set files = $2 where id = $1 returning ${VIEW}`,
        [created.id, changed],
      );
      const command = { verb: 'create-collection', actor: createdBy, request: { name } } as const;
      await recordAction(manager, command, { collection: created.id, files: changed });
      return { result: 'created', collection: viewOf(collection), unknown };
    });
  }

  /** A collection; null when there is no such collection. */
  async find(id: number): Promise<CollectionView | null> {
    const [row] = await this.dataSource.query<CollectionRow[]>(`select ${VIEW} from collections where id = $1`, [id]);
    return row ? viewOf(row) : null;
  }

  /**
   * Collections whose names contain a text, newest first; `after` is the ID of the last collection of the previous
   * page.
   */
  async list({ after, limit }: PageRange, query = ''): Promise<CollectionView[]> {
    const rows = await this.dataSource.query<CollectionRow[]>(
      `select ${VIEW} from collections
       where ($1::int is null or id < $1) and position(lower($3) in lower(name)) > 0 order by id desc limit $2`,
      [after, limit, query],
    );
    return rows.map(viewOf);
  }

  /** Changes the given properties; null when there is no such collection. */
  async change(
    id: number,
    changes: { name?: string | undefined; description?: string | undefined },
    actor: string,
  ): Promise<CollectionView | 'name-taken' | null> {
    const { name, description } = changes;
    try {
      return await this.dataSource.transaction(async (manager) => {
        const [[row]] = await manager.query<[CollectionRow[], number]>(
          `update collections set name = coalesce($2, name), description = coalesce($3, description)
           where id = $1 returning ${VIEW}`,
          [id, name ?? null, description ?? null],
        );
        if (!row) return null;
        await recordAction(manager, { verb: 'change-collection', actor, request: { collection: id, ...changes } }, {});
        return viewOf(row);
      });
    } catch (error) {
      if ((error as { constraint?: unknown }).constraint === UNIQUE_NAMES) return 'name-taken';
      throw error;
    }
  }

  /** Adds and removes media files; null when there is no such collection. */
  changeFiles(
    id: number,
    { add, remove }: { readonly add: readonly GivenGuid[]; readonly remove: readonly GivenGuid[] },
    actor: string,
  ): Promise<FilesChange | null> {
    return this.dataSource.transaction(async (manager) => {
      const locked = await manager.query<unknown[]>('select 1 from collections where id = $1 for update', [id]);
      if (locked.length === 0) return null;
      const added = await addFiles(manager, id, { guids: add });
      const removed = await removeFiles(manager, id, remove);
      const [[collection]] = await manager.query<[[CollectionRow], number]>(
        `update collections set files = files + $2 where id = $1 returning ${VIEW}`,
        [id, added.changed - removed.changed],
      );
      const command = { verb: 'change-collection-files', actor, request: { collection: id } } as const;
      if (added.changed + removed.changed > 0)
        await recordAction(manager, command, { added: added.changed, removed: removed.changed });
      return {
        added: added.changed,
        removed: removed.changed,
        unknown: {
          count: added.unknown.count + removed.unknown.count,
          guids: [...added.unknown.guids, ...removed.unknown.guids],
        },
        collection: viewOf(collection),
      };
    });
  }

  /** Deletes a collection but none of its media files; returns the collection, null when there is none. */
  remove(id: number, actor: string): Promise<CollectionView | null> {
    return this.dataSource.transaction(async (manager) => {
      const [row] = await manager.query<CollectionRow[]>(`select ${VIEW} from collections where id = $1 for update`, [
        id,
      ]);
      if (!row) return null;
      await manager.query('delete from collection_files where collection_id = $1', [id]);
      await manager.query('delete from collections where id = $1', [id]);
      const command = { verb: 'delete-collection', actor, request: { collection: id } } as const;
      await recordAction(manager, command, { name: row.name, files: row.files });
      return viewOf(row);
    });
  }
}

const viewOf = (row: CollectionRow): CollectionView => ({ ...row, createdAt: row.createdAt.toISOString() });
