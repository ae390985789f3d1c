import type { DataSource } from 'typeorm';
import { withDataSource } from './data-source.js';

/** Arbitrary, and the same in every process that migrates. */
const MIGRATION_LOCK_KEY = 712_001;

/** The schema of the database is not the one this code is written for; the message says what to do. */
export class SchemaError extends Error {
  override readonly name = 'SchemaError';
}

/** Brings the schema up to date; of two at once, one waits for the other. Refuses a schema newer than the code. */
export const migrate = (databaseUrl: string): Promise<void> =>
  withDataSource(databaseUrl, async (dataSource) => {
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

/** The statements that would make the schema what the entities say; none when both agree. */
export const schemaDrift = (databaseUrl: string): Promise<string[]> =>
  withDataSource(databaseUrl, async (dataSource) => {
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    return upQueries.map(({ query }) => query);
  });

/** Throws SchemaError unless the schema is exactly the one this code is written for. */
export async function checkSchema(dataSource: DataSource): Promise<void> {
  const executed = await executedMigrations(dataSource);
  refuseNewer(dataSource, executed);
  const missing = dataSource.migrations.map(({ name }) => name!).filter((name) => !executed.includes(name));
  if (missing.length === 0) return;
  throw new SchemaError(
    `The database lacks ${missing.join(', ')}. Run "node dist/libs/database/src/migrate.js" with its DATABASE_URL first.`,
  );
}

/** Names of the migrations the database has seen, oldest first. */
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
    `The database was changed by a newer Chowda (${unknown.join(', ')}). Use that version, or give this one another database.`,
  );
}
