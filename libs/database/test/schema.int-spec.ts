import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '#libs/testing';
import { withDataSource } from '../src/data-source.js';
import { checkSchema, migrate, schemaDrift } from '../src/index.js';
import { renewInstallation } from '../src/schema.js';

let database: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

const tables = async () => {
  const { rows } = await client.query<{ name: string }>(
    "select tablename as name from pg_tables where schemaname = 'public' order by 1",
  );
  return rows.map(({ name }) => name);
};

/** Migrations since release 0.1.0 that its services cannot work with; a change here takes two releases. */
const BREAKING: readonly string[] = [];

const check = () => withDataSource(database.url, checkSchema);

describe('the schema', () => {
  it('matches the entities', async () => {
    expect(await schemaDrift(database.url)).toEqual([]);
  });

  it('has an index for every reference to a row that can be deleted', async () => {
    // Postgres uses it at each deletion, although no plan shows it.
    const { rows } = await client.query<{ reference: string }>(
      `select c.conname as reference from pg_constraint c
       where c.contype = 'f' and c.confrelid = any($1::regclass[]) and not exists (
         select 1 from pg_index i where i.indrelid = c.conrelid and i.indkey[0] = c.conkey[1]
       ) order by 1`,
      [['batches', 'runs', 'documents', 'collections', 'imports']],
    );
    expect(rows.map(({ reference }) => reference)).toEqual([]);
  });

  it('reports a drift as the statements that would undo it', async () => {
    await client.query('alter table runs drop column sentence');
    expect(await schemaDrift(database.url)).toEqual([expect.stringContaining('ADD "sentence" text')]);
    await client.query('alter table runs add column sentence text');
  });

  it('can be migrated down to nothing and up again', async () => {
    const before = await tables();
    await withDataSource(database.url, async (dataSource) => {
      for (const _ of dataSource.migrations) await dataSource.undoLastMigration();
    });
    expect(await tables()).toEqual(['schema_migrations']);
    await expect(check()).rejects.toThrow(
      /lacks the migrations CreateSpine\d+, OperateBatches\d+, .*\. Run "node .*migrate\.js"/,
    );
    await migrate(database.url);
    expect(await tables()).toEqual(before);
    await expect(check()).resolves.toBeUndefined();
  });

  it('is created once by concurrent migrations', async () => {
    await withDataSource(database.url, async (dataSource) => {
      for (const _ of dataSource.migrations) await dataSource.undoLastMigration();
    });
    await Promise.all([migrate(database.url), migrate(database.url)]);
    const { rows } = await client.query('select name from schema_migrations');
    expect(new Set(rows.map(({ name }) => name))).toHaveProperty('size', rows.length);
  });

  it('gets a new identity for a copy beside the original', async () => {
    const identity = async () => (await client.query<{ id: string }>('select id from installation')).rows[0]!.id;
    const before = await identity();
    const renewed = await renewInstallation(database.url);
    expect(renewed).not.toBe(before);
    expect(await identity()).toBe(renewed);
  });

  it('keeps the identity of the installation when it is migrated again', async () => {
    const identity = async () => (await client.query('select id from installation')).rows;
    const before = await identity();
    await migrate(database.url);
    expect(await identity()).toEqual(before);
  });

  it('marks every migration since release 0.1.0 as compatible, unless it is known to break older services', async () => {
    const { rows } = await client.query<{ name: string }>(
      `select name from schema_migrations where timestamp > 1764440000000
       except select migration from schema_compatibility`,
    );
    expect(rows.map(({ name }) => name)).toEqual(BREAKING);
  });

  it('is accepted when all newer migrations are marked as compatible', async () => {
    await client.query("insert into schema_migrations (timestamp, name) values (9999999999998, 'Additive')");
    await expect(check()).rejects.toThrow(/migrations Additive/);
    await client.query("insert into schema_compatibility (migration) values ('Additive')");
    await expect(check()).resolves.toBeUndefined();
    await expect(migrate(database.url)).resolves.toBeUndefined();
  });

  it('is refused when it is newer than the code', async () => {
    await client.query("insert into schema_migrations (timestamp, name) values (9999999999999, 'FromTheFuture')");
    const refusal = /changed by a newer Chowda \(migrations FromTheFuture\)\. Start that version/;
    await expect(migrate(database.url)).rejects.toThrow(refusal);
    await expect(check()).rejects.toThrow(refusal);
  });
});
