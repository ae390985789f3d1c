import type { DataSource } from 'typeorm';
import { withDataSource } from './data-source.js';
import { checkServer } from './server-check.js';

/** Arbitrary; equal in all processes that migrate. */
const MIGRATION_LOCK_KEY = 712_001;

/** The schema of the database does not match the code; the message says what to do. */
export class SchemaError extends Error {
  override readonly name = 'SchemaError';
}

/** Migrates the schema; concurrent migrations run one after the other. Refuses a schema newer than the code. */
export const migrate = (databaseUrl: string): Promise<void> =>
  withDataSource(databaseUrl, async (dataSource) => {
    await checkServer(dataSource);
    const runner = dataSource.createQueryRunner();
    try {
      await runner.query('select pg_advisory_lock($1)', [MIGRATION_LOCK_KEY]);
      refuseNewer(dataSource, await executedMigrations(dataSource));
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

/** Throws SchemaError unless the schema matches the code exactly. */
export async function checkSchema(dataSource: DataSource): Promise<void> {
  const executed = await executedMigrations(dataSource);
  refuseNewer(dataSource, executed);
  const missing = dataSource.migrations.map(({ name }) => name!).filter((name) => !executed.includes(name));
  if (missing.length === 0) return;
  throw new SchemaError(
    `The database lacks the migrations ${missing.join(', ')}. Run "node dist/libs/database/src/migrate.js" with its DATABASE_URL first.`,
  );
}

/** Names of the executed migrations, oldest first. */
async function executedMigrations(dataSource: DataSource): Promise<string[]> {
  const table = dataSource.options.migrationsTableName!;
  const [found] = await dataSource.query<[{ present: boolean }]>('select to_regclass($1) is not null as present', [
    table,
  ]);
  if (!found.present) return [];
  return (await dataSource.query<{ name: string }[]>(`select name from ${table} order by id`)).map(({ name }) => name);
}

function refuseNewer(dataSource: DataSource, executed: readonly string[]): void {
  const known = dataSource.migrations.map(({ name }) => name);
  const unknown = executed.filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw new SchemaError(
    `The database was changed by a newer Chowda (migrations ${unknown.join(', ')}). Start that version, or use another database for this one.`,
  );
}
