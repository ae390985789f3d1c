import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { AppChanges, AppView } from '#libs/contracts';
import { recordAction, UNKNOWN_ACTOR } from '../commands/operator-action.js';
import type { PageRange } from '../search/page-range.js';

/** What an app states about itself. */
export interface AppDescription {
  readonly identifier: string;
  readonly metadata: object;
  /** The metadata exactly as the app sent it, and its digest. */
  readonly metadataText: string;
  readonly metadataSha256: string;
}

/** An app to register. */
export interface NewAppRow extends AppDescription {
  readonly slug: string;
  readonly name: string;
  readonly version: string;
  readonly url: string;
  /** Default: 1, or the current value. */
  readonly concurrency?: number | undefined;
  /** Default: 3600 s, or the current value. */
  readonly deadlineSeconds?: number | undefined;
  readonly registeredBy: string;
}

/** Result of a registration. */
export type AppRegistration =
  | { readonly result: 'created'; readonly app: AppView }
  /** `before` is the previous metadata. */
  | { readonly result: 'known'; readonly app: AppView; readonly before: unknown }
  /** The same name and version is registered with another URL. */
  | { readonly result: 'elsewhere'; readonly url: string };

/** The properties of an app that pipelines need. */
export interface StageApp {
  readonly id: number;
  readonly slug: string;
  readonly metadata: unknown;
  readonly deadlineSeconds: number;
  readonly ready: boolean;
  readonly enabled: boolean;
}

type AppRow = Omit<AppView, 'createdAt' | 'paused'> & {
  readonly metadata: unknown;
  readonly createdAt: Date;
  readonly pausedAt: Date | null;
  readonly pausedBy: string | null;
  readonly pausedWhy: string | null;
};

const APPS = `
  select id, slug, name, version, identifier, url, concurrency, deadline_seconds as "deadlineSeconds",
    case when jsonb_typeof(metadata->'description') = 'string' then metadata->>'description' else '' end as description,
    ready_at is not null as ready, enabled, retry, cost_per_hour as "costPerHour", notes, metadata,
    metadata_sha256 as "metadataSha256", paused_at as "pausedAt", paused_by as "pausedBy", paused_why as "pausedWhy",
    created_at as "createdAt"
  from apps`;

/** Registered versions of CLAMS apps. */
@Injectable()
export class AppsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Registers an app or updates it. An app whose metadata has changed is not ready until the scheduler has processed
   * the change.
   */
  register(row: NewAppRow): Promise<AppRegistration> {
    const { slug, name, version, identifier, url, metadata, metadataText, metadataSha256 } = row;
    const { concurrency, deadlineSeconds } = row;
    return this.dataSource.transaction(async (manager) => {
      const inserted = await manager.query<unknown[]>(
        `insert into apps (slug, name, version, identifier, url, metadata, metadata_text, metadata_sha256,
           concurrency, deadline_seconds)
         values ($1, $2, $3, $4, $5, $6, $7, $8, coalesce($9, 1), coalesce($10, 3600))
         on conflict (slug) do nothing returning id`,
        [
          slug,
          name,
          version,
          identifier,
          url,
          JSON.stringify(metadata),
          metadataText,
          metadataSha256,
          concurrency,
          deadlineSeconds,
        ],
      );
      const command = {
        verb: 'register-app',
        actor: row.registeredBy,
        request: { url, concurrency, deadlineSeconds },
      } as const;
      const app = (await locked(manager, slug))!;
      if (inserted.length > 0) {
        await recordAction(manager, command, { app: slug });
        return { result: 'created', app: viewOf(app) };
      }
      if (app.url !== url) return { result: 'elsewhere', url: app.url };
      await describe(manager, app, row);
      await manager.query(
        'update apps set concurrency = coalesce($2, concurrency), deadline_seconds = coalesce($3, deadline_seconds) where id = $1',
        [app.id, concurrency, deadlineSeconds],
      );
      const after = (await locked(manager, slug))!;
      if (!isDeepStrictEqual(after, app)) await recordAction(manager, command, { app: slug });
      return { result: 'known', app: viewOf(after), before: app.metadata };
    });
  }

  /** Stores the current metadata of an app and returns the previous metadata; null when there is no such app. */
  refresh(
    slug: string,
    description: AppDescription,
    actor: string,
  ): Promise<{ readonly app: AppView; readonly before: unknown } | null> {
    return this.dataSource.transaction(async (manager) => {
      const app = await locked(manager, slug);
      if (!app) return null;
      if (await describe(manager, app, description)) {
        const { metadataSha256 } = description;
        await recordAction(manager, { verb: 'refresh-app', actor, request: { app: slug } }, { metadataSha256 });
      }
      return { app: viewOf((await locked(manager, slug))!), before: app.metadata };
    });
  }

  /** Changes the settings of an app; null when there is no such app. */
  change(slug: string, changes: AppChanges, actor: string): Promise<AppView | null> {
    const { enabled, concurrency, deadlineSeconds, retry, costPerHour, notes } = changes;
    return this.dataSource.transaction(async (manager) => {
      const app = await locked(manager, slug);
      if (!app) return null;
      await manager.query(
        `update apps set enabled = coalesce($2, enabled), concurrency = coalesce($3, concurrency),
           deadline_seconds = coalesce($4, deadline_seconds), retry = coalesce($5::jsonb, retry),
           cost_per_hour = case when $6::boolean then $7::float8 else cost_per_hour end, notes = coalesce($8, notes)
         where id = $1`,
        [
          app.id,
          enabled,
          concurrency,
          deadlineSeconds,
          retry && JSON.stringify(retry),
          costPerHour !== undefined,
          costPerHour,
          notes,
        ],
      );
      const after = (await locked(manager, slug))!;
      if (!isDeepStrictEqual(after, app))
        await recordAction(manager, { verb: 'change-app', actor, request: { app: slug, ...changes } }, {});
      return viewOf(after);
    });
  }

  /** Apps in order of registration. */
  async list({ after, limit }: PageRange): Promise<AppView[]> {
    const rows = await this.dataSource.query<AppRow[]>(`${APPS} where id > $1 order by id limit $2`, [
      after ?? 0,
      limit,
    ]);
    return rows.map(viewOf);
  }

  /** An app with its metadata; null when there is no app with this slug. */
  async find(slug: string): Promise<{ readonly app: AppView; readonly metadata: unknown } | null> {
    const [row] = await this.dataSource.query<AppRow[]>(`${APPS} where slug = $1`, [slug]);
    return row ? { app: viewOf(row), metadata: row.metadata } : null;
  }

  /** The apps with these slugs, by slug. */
  async bySlugs(slugs: readonly string[]): Promise<Map<string, StageApp>> {
    const apps = await this.dataSource.query<StageApp[]>(
      `select id, slug, metadata, deadline_seconds as "deadlineSeconds", ready_at is not null as ready, enabled
       from apps where slug = any($1)`,
      [slugs],
    );
    return new Map(apps.map((app) => [app.slug, app]));
  }
}

async function locked(manager: EntityManager, slug: string): Promise<AppRow | null> {
  const [row] = await manager.query<AppRow[]>(`${APPS} where slug = $1 for update`, [slug]);
  return row ?? null;
}

/** Stores a description if it differs from the stored one; returns whether it does. */
async function describe(manager: EntityManager, app: AppRow, description: AppDescription): Promise<boolean> {
  const { identifier, metadata, metadataText, metadataSha256 } = description;
  const isKnown =
    app.identifier === identifier && app.metadataSha256 === metadataSha256 && isDeepStrictEqual(app.metadata, metadata);
  if (isKnown) return false;
  await manager.query(
    `update apps set identifier = $2, metadata = $3, metadata_text = $4, metadata_sha256 = $5, ready_at = null
     where id = $1`,
    [app.id, identifier, JSON.stringify(metadata), metadataText, metadataSha256],
  );
  return true;
}

function viewOf(row: AppRow): AppView {
  const { createdAt, pausedAt, pausedBy, pausedWhy } = row;
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    version: row.version,
    description: row.description,
    identifier: row.identifier,
    url: row.url,
    concurrency: row.concurrency,
    deadlineSeconds: row.deadlineSeconds,
    ready: row.ready,
    enabled: row.enabled,
    retry: row.retry,
    costPerHour: row.costPerHour,
    notes: row.notes,
    metadataSha256: row.metadataSha256,
    paused: pausedAt && { by: pausedBy ?? UNKNOWN_ACTOR, at: pausedAt.toISOString(), why: pausedWhy ?? '' },
    createdAt: createdAt.toISOString(),
  };
}
