import type { DataSource } from 'typeorm';
import { withDataSource } from './data-source.js';
import { checkServer } from './server-check.js';

/** Arbitrary; equal in all processes that migrate. */
const MIGRATION_LOCK_KEY = 712_001;

/** The schema of the database does not match the code; the message says what to do. */
export class SchemaError extends Error {
  override readonly name = 'SchemaError';
}

/**
 * Migrates the schema; concurrent migrations run one after the other. Refuses a schema that a newer release changed in an
 * incompatible way.
 */
export const migrate = (databaseUrl: string): Promise<void> =>
  withDataSource(databaseUrl, async (dataSource) => {
    await checkServer(dataSource);
    const runner = dataSource.createQueryRunner();
    try {
      await runner.query('select pg_advisory_lock($1)', [MIGRATION_LOCK_KEY]);
      await refuseNewer(dataSource, await executedMigrations(dataSource));
      await dataSource.runMigrations({ transaction: 'each' });
    } finally {
      await runner.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK_KEY]);
      await runner.release();
    }
  });

/**
 * Gives the database a new identity, for a copy that runs beside the original. Returns the identity. A database that
 * replaces its original keeps its identity, because its NATS server holds messages with it.
 */
export const renewInstallation = (databaseUrl: string): Promise<string> =>
  withDataSource(databaseUrl, async (dataSource) => {
    const [[row]] = await dataSource.query<[[{ id: string }], number]>(
      "update installation set id = replace(gen_random_uuid()::text, '-', '') returning id",
    );
    return row.id;
  });

/** The statements that would make the schema match the entities; empty when both agree. */
export const schemaDrift = (databaseUrl: string): Promise<string[]> =>
  withDataSource(databaseUrl, async (dataSource) => {
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    return upQueries.map(({ query }) => query);
  });

/** Throws SchemaError unless the code can work with the schema: it has all migrations, and newer ones are compatible. */
export async function checkSchema(dataSource: DataSource): Promise<void> {
  const executed = await executedMigrations(dataSource);
  await refuseNewer(dataSource, executed);
  const missing = dataSource.migrations.map(({ name }) => name!).filter((name) => !executed.includes(name));
  if (missing.length === 0) return;
  throw new SchemaError(
    `The database lacks the migrations ${missing.join(', ')}. Run "node dist/libs/database/src/migrate.js" with its DATABASE_URL first.`,
  );
}

/** Names of the executed migrations, oldest first. */
async function executedMigrations(dataSource: DataSource): Promise<string[]> {
  const table = dataSource.options.migrationsTableName!;
  if (!(await hasTable(dataSource, table))) return [];
  return (await dataSource.query<{ name: string }[]>(`select name from ${table} order by id`)).map(({ name }) => name);
}

async function refuseNewer(dataSource: DataSource, executed: readonly string[]): Promise<void> {
  const known = dataSource.migrations.map(({ name }) => name);
  const newer = executed.filter((name) => !known.includes(name));
  if (newer.length === 0) return;
  const compatible = await compatibleMigrations(dataSource);
  const unknown = newer.filter((name) => !compatible.includes(name));
  if (unknown.length === 0) return;
  throw new SchemaError(
    `The database was changed by a newer Chowda (migrations ${unknown.join(', ')}). Start that version, or use another database for this one.`,
  );
}

/** Names of the migrations with which code that does not know them can work. */
async function compatibleMigrations(dataSource: DataSource): Promise<string[]> {
  if (!(await hasTable(dataSource, 'schema_compatibility'))) return [];
  const rows = await dataSource.query<{ migration: string }[]>('select migration from schema_compatibility');
  return rows.map(({ migration }) => migration);
}

async function hasTable(dataSource: DataSource, table: string): Promise<boolean> {
  const [found] = await dataSource.query<[{ present: boolean }]>('select to_regclass($1) is not null as present', [
    table,
  ]);
  return found.present;
}
