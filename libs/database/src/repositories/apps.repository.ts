import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In, MoreThan } from 'typeorm';
import type { AppView } from '#libs/contracts';
import { AppEntity } from '../entities/app.entity.js';
import type { Slice } from './slice.js';

/** An app to register, described by its own metadata. */
export interface NewAppRow {
  readonly slug: string;
  readonly name: string;
  readonly version: string;
  readonly identifier: string;
  readonly url: string;
  readonly metadata: object;
  /** The metadata as the app sent it, and its digest. */
  readonly metadataText: string;
  readonly metadataSha256: string;
  readonly concurrency: number;
  readonly deadlineSeconds: number;
}

/** What became of a registration. */
export type AppRegistration =
  | { readonly result: 'created'; readonly app: AppView }
  /** `before` is the metadata that was known until now. */
  | { readonly result: 'known'; readonly app: AppView; readonly before: unknown }
  /** The same name and version is registered at another address. */
  | { readonly result: 'elsewhere'; readonly url: string };

/** An app as a pipeline needs to know it. */
export interface StageApp {
  readonly id: number;
  readonly slug: string;
  readonly metadata: unknown;
  readonly deadlineSeconds: number;
  readonly ready: boolean;
}

/** Registered versions of CLAMS apps. */
@Injectable()
export class AppsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Registers an app, or brings what is known of it up to date. A changed app is not ready until the scheduler has
   * seen it.
   */
  register(row: NewAppRow): Promise<AppRegistration> {
    return this.dataSource.transaction(async (manager) => {
      const inserted = await manager.createQueryBuilder().insert().into(AppEntity).values(row).orIgnore().execute();
      const app = await manager.findOneOrFail(AppEntity, {
        where: { slug: row.slug },
        lock: { mode: 'pessimistic_write' },
      });
      if (inserted.identifiers[0] !== undefined) return { result: 'created', app: viewOf(app) };
      if (app.url !== row.url) return { result: 'elsewhere', url: app.url };
      const before = app.metadata;
      return { result: 'known', app: viewOf(await updated(manager, app, row)), before };
    });
  }

  /** Apps in the order of their registration. */
  async list({ after, limit }: Slice): Promise<AppView[]> {
    const apps = await this.dataSource.getRepository(AppEntity).find({
      where: after === null ? {} : { id: MoreThan(after) },
      order: { id: 'asc' },
      take: limit,
    });
    return apps.map(viewOf);
  }

  /** An app with the metadata it told; null when there is none of this slug. */
  async find(slug: string): Promise<{ readonly app: AppView; readonly metadata: unknown } | null> {
    const app = await this.dataSource.getRepository(AppEntity).findOneBy({ slug });
    return app && { app: viewOf(app), metadata: app.metadata };
  }

  /** The apps of these slugs, by slug. */
  async bySlugs(slugs: readonly string[]): Promise<Map<string, StageApp>> {
    const apps = await this.dataSource.getRepository(AppEntity).findBy({ slug: In([...slugs]) });
    return new Map(apps.map(({ readyAt, ...app }) => [app.slug, { ...app, ready: readyAt !== null }]));
  }
}

async function updated(manager: EntityManager, app: AppEntity, row: NewAppRow): Promise<AppEntity> {
  const known = Object.fromEntries(Object.keys(row).map((key) => [key, app[key as keyof AppEntity]]));
  return isDeepStrictEqual(known, { ...row }) ? app : manager.save(AppEntity, { ...app, ...row, readyAt: null });
}

function viewOf(app: AppEntity): AppView {
  const { description } = app.metadata as { description?: unknown };
  return {
    id: app.id,
    slug: app.slug,
    name: app.name,
    version: app.version,
    description: typeof description === 'string' ? description : '',
    identifier: app.identifier,
    url: app.url,
    concurrency: app.concurrency,
    deadlineSeconds: app.deadlineSeconds,
    ready: app.readyAt !== null,
    metadataSha256: app.metadataSha256,
    createdAt: app.createdAt.toISOString(),
  };
}
