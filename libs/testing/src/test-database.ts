import { randomBytes } from 'node:crypto';
import { databaseUrl, fromSetup, query, TEMPLATE_DATABASE, TEST_POSTGRES } from './test-run.js';

/** A database for one suite, with all migrations. */
export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** Copies the migrated template; takes about 0.1 s. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = fromSetup(TEST_POSTGRES);
  const name = `test_${randomBytes(6).toString('hex')}`;
  await query(server, `create database ${name} template ${TEMPLATE_DATABASE}`);
  return {
    url: databaseUrl(server, name),
    drop: () => query(server, `drop database if exists ${name} with (force)`),
  };
}
