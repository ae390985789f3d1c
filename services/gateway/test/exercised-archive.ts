import pg from 'pg';
import { DataSource } from 'typeorm';
import { createTestDatabase } from '#libs/testing';
import { runEverySchedulerTask } from './every-scheduler-task.js';
import { ask, commands, type Landmarks, readPaths } from './every-request.js';
import { type ArchiveSize, fillLargeArchive } from './large-archive.js';
import { QueryWatch, type SentQuery } from './query-watch.js';
import { TestGateway } from './test-gateway.js';

/** A gateway with a large archive after every request and every scheduler task ran, with all SQL statements. */
export interface ExercisedArchive {
  readonly databaseUrl: string;
  readonly queries: readonly SentQuery[];
  /** Paths of GET routes that were not requested, such as `/api/runs/:id`. */
  readonly unread: readonly string[];
  close(): Promise<void>;
}

/** Fills an archive, sends every request to a gateway, and runs every scheduler task once. */
export async function exerciseArchive(size: ArchiveSize): Promise<ExercisedArchive> {
  const database = await createTestDatabase();
  await fillLargeArchive(database.url, size);
  const landmarks = await findLandmarks(database.url);
  const gateway = await TestGateway.start({}, undefined, database);
  const watch = new QueryWatch();
  try {
    const paths = readPaths(landmarks);
    for (const path of paths) await ask(gateway.client, { method: 'GET', path });
    for (const command of commands(landmarks)) await ask(gateway.client, command);
    await runEverySchedulerTask(gateway.app.get(DataSource, { strict: false }), landmarks);
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

/** Rows of an archive that requests refer to. */
export async function findLandmarks(databaseUrl: string): Promise<Landmarks> {
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

/** Paths of all GET routes. */
function readableRoutes({ app }: TestGateway): string[] {
  const { router } = app.getHttpAdapter().getInstance() as { router: { stack: readonly Layer[] } };
  return router.stack.flatMap(({ route }) =>
    typeof route?.path === 'string' && route.methods['get'] && route.path.startsWith('/api/') ? [route.path] : [],
  );
}

const isOf = (route: string, path: string): boolean =>
  new RegExp(`^${route.replaceAll(/:\w+/g, '[^/]+')}$`).test(path.split('?')[0]!);
