import pg from 'pg';
import { DataSource } from 'typeorm';
import { createTestDatabase } from '#libs/testing';
import { doEverything } from './every-chore.js';
import { ask, commands, type Landmarks, readings } from './every-request.js';
import { type ArchiveSize, fillLargeArchive } from './large-archive.js';
import { QueryWatch, type SentQuery } from './query-watch.js';
import { TestGateway } from './test-gateway.js';

/** A gateway over a large archive that was asked for everything, its scheduler's work, and the statements of both. */
export interface AskedArchive {
  readonly databaseUrl: string;
  readonly queries: readonly SentQuery[];
  /** Paths of routes that can be read and were not, such as `/api/runs/:id`. */
  readonly unread: readonly string[];
  close(): Promise<void>;
}

/** Fills an archive, asks a gateway for all that it offers, and does once what the scheduler does. */
export async function askForEverything(size: ArchiveSize): Promise<AskedArchive> {
  const database = await createTestDatabase();
  await fillLargeArchive(database.url, size);
  const marks = await landmarks(database.url);
  const gateway = await TestGateway.start({}, undefined, database);
  const watch = new QueryWatch();
  try {
    const paths = readings(marks);
    for (const path of paths) await ask(gateway.client, { method: 'GET', path });
    for (const command of commands(marks)) await ask(gateway.client, command);
    await doEverything(gateway.app.get(DataSource, { strict: false }), marks);
    return {
      databaseUrl: database.url,
      queries: watch.take(),
      unread: readableRoutes(gateway).filter((route) => !paths.some((path) => isOf(route, path))),
      close: () => gateway.close(),
    };
  } finally {
    watch.stop();
  }
}

/** What requests can be about in an archive. */
export async function landmarks(databaseUrl: string): Promise<Landmarks> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<Landmarks>(`
      with batch as (select id from batches where state = 'running' order by id limit 1),
        done as (select * from runs where batch_id = (select id from batch) and state = 'done' order by id limit 1),
        failed as (select * from runs where batch_id = (select id from batch) and state = 'failed' order by id limit 1)
      select (select max(slug) from apps) as app, (select min(id) from pipelines) as pipeline,
        (select min(id) from collections) as collection, (select id from batch) as batch,
        (select id::int from done) as done, (select id::int from failed) as failed,
        (select fingerprint from stage_runs where run_id = (select id from failed) and index = 1) as fingerprint,
        (select guid from media_files where id = (select media_file_id from done)) as guid`);
    return rows[0]!;
  } finally {
    await client.end();
  }
}

interface Layer {
  readonly route?: { readonly path: unknown; readonly methods: Readonly<Record<string, boolean>> };
}

/** Paths of the interface that answer GET. */
function readableRoutes({ app }: TestGateway): string[] {
  const { router } = app.getHttpAdapter().getInstance() as { router: { stack: readonly Layer[] } };
  return router.stack.flatMap(({ route }) =>
    typeof route?.path === 'string' && route.methods['get'] && route.path.startsWith('/api/') ? [route.path] : [],
  );
}

const isOf = (route: string, path: string): boolean =>
  new RegExp(`^${route.replaceAll(/:\w+/g, '[^/]+')}$`).test(path.split('?')[0]!);
