import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { createTestDatabase, type TestDatabase } from '#libs/testing';
import { withDataSource } from '../src/data-source.js';
import {
  AppHistoryRepository,
  AppsRepository,
  BatchListRepository,
  BatchSummaries,
  migrate,
  PipelinesRepository,
  RunsRepository,
} from '../src/index.js';
import { fillOldArchive } from './old-archive.js';

let database: TestDatabase;
let client: pg.Client;
/** Every row of the old archive, by table. */
let before: Record<string, unknown[]>;

/** Reverts migrations until this number is left. */
const goDown = (dataSource: DataSource, left: number) =>
  dataSource.migrations
    .slice(left)
    .reduce((down) => down.then(() => dataSource.undoLastMigration()), Promise.resolve());

/** All rows of the existing tables, with the columns in the order of the first migration. */
async function archive(): Promise<Record<string, unknown[]>> {
  const { rows: tables } = await client.query<{ name: string }>(
    "select tablename as name from pg_tables where schemaname = 'public' and tablename <> 'schema_migrations' order by 1",
  );
  const contents: [string, unknown[]][] = [];
  for (const { name } of tables) {
    const { rows } = await client.query<{ row: unknown }>(`select to_jsonb(t) as row from ${name} t order by 1`);
    contents.push([name, rows.map(({ row }) => row)]);
  }
  return Object.fromEntries(contents);
}

beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await withDataSource(database.url, (dataSource) => goDown(dataSource, 1));
  await fillOldArchive(client);
  before = await archive();
  await migrate(database.url);
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

describe('an archive of the first version', () => {
  it('keeps every row when it is migrated', async () => {
    const now = await archive();
    for (const [table, rows] of Object.entries(before)) {
      expect([table, now[table]]).toEqual([
        table,
        expect.arrayContaining(rows.map((row) => expect.objectContaining(row as object))),
      ]);
      expect([table, now[table]?.length]).toEqual([table, rows.length]);
    }
  });

  it('is read by the repositories like a new one', async () => {
    await withDataSource(database.url, async (dataSource) => {
      const batches = new BatchListRepository(dataSource, new BatchSummaries(dataSource));
      expect(await batches.find(1)).toMatchObject({
        name: 'Finished',
        pipeline: { name: 'Shots, text', version: 1 },
        files: 10,
        summary: { runs: { done: 9, failed: 1 } },
      });
      expect(await new RunsRepository(dataSource).find(10, () => '/document')).toMatchObject({
        state: 'failed',
        stages: [{ state: 'done' }, { state: 'failed', sentence: 'No frames.' }],
      });
      expect(await new PipelinesRepository(dataSource).find(2)).toMatchObject({ version: 2, archived: false });
      expect((await new AppsRepository(dataSource).find('shots_v1'))?.app).toMatchObject({
        description: 'Finds "shots".',
        enabled: true,
        ready: true,
        retry: {},
        paused: null,
      });
      expect((await new AppHistoryRepository(dataSource).paces(['shots_v1'])).get('shots_v1')).toMatchObject({
        files: 10,
        secondsPerFile: { p50: 10 },
      });
    });
  });

  it('records the app of settled stages only', async () => {
    const { rows } = await client.query(
      'select settled_at is not null as settled, app from stage_runs group by 1, 2 order by 1, 2',
    );
    expect(rows).toEqual([
      { settled: false, app: null },
      { settled: true, app: 'shots_v1' },
      { settled: true, app: 'text_v1' },
    ]);
  });

  it('can be migrated down step by step and up again', async () => {
    await withDataSource(database.url, (dataSource) => goDown(dataSource, 1));
    expect(await archive()).toEqual(before);
    await migrate(database.url);
    expect(Object.keys(await archive())).toEqual(expect.arrayContaining(Object.keys(before)));
  });

  it('has the commands of each batch, including those from before they were indexed', async () => {
    await withDataSource(database.url, async (dataSource) => {
      const names = dataSource.migrations.map(({ name }) => name!);
      await goDown(
        dataSource,
        names.findIndex((name) => name.startsWith('FindActions')),
      );
    });
    await client.query(`insert into operator_actions (actor, verb, request, answer) values
      ('kc', 'cancel', '{"batch": 1}', '{}'), ('kc', 'replay', '{"run": 10}', '{}'), ('kc', 'pause', '{"app": "x"}', '{}'),
      ('kc', 'cancel', '{"run": 10}', '{"batch": 1}'), ('kc', 'replay', '{"run": 999999}', '{}')`);
    await migrate(database.url);
    const { rows } = await client.query<{ batches: number[] }>('select batches from operator_actions order by id');
    expect(rows.map(({ batches }) => batches)).toEqual([[1], [1], [], [1], []]);
    await client.query('delete from operator_actions');
  });
});
