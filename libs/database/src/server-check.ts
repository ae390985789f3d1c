import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';

const OLDEST_VERSION = 14;
/** Server version numbers are the major version times this number. */
const PER_MAJOR = 10_000;

/** The Postgres server or the way to it does not meet Chowda's requirements; the message says what to do. */
export class ServerError extends Error {
  override readonly name = 'ServerError';
}

/** Runs one statement on one connection. */
type Query = (statement: string, parameters?: unknown[]) => Promise<{ value: string | null }[]>;

/** Throws ServerError for a version (`server_version_num`) that is too old. */
export function requireVersion(version: number): void {
  if (version >= OLDEST_VERSION * PER_MAJOR) return;
  throw new ServerError(
    `The server is Postgres ${Math.floor(version / PER_MAJOR)}, but Chowda needs Postgres ${OLDEST_VERSION} or newer. Upgrade the server.`,
  );
}

const READ = "select current_setting('chowda.session', true) as value";

/**
 * Throws ServerError when two connections share a session, or one loses its settings, as behind a pooler in transaction
 * mode. There the lock that makes a scheduler the leader would belong to a random session.
 */
export async function requireOwnSessions(first: Query, second: Query): Promise<void> {
  const value = randomUUID();
  await first("select set_config('chowda.session', $1, false) as value", [value]);
  // The transaction keeps a pooler from giving the first connection the same session again.
  await second('begin');
  const [other] = await second(READ);
  const [own] = await first(READ);
  await second('commit');
  await first("select set_config('chowda.session', '', false) as value");
  if (other?.value !== value && own?.value === value) return;
  throw new ServerError(
    'DATABASE_URL leads to a connection pooler in transaction mode, which does not keep sessions. ' +
      'Connect to Postgres directly, or use session mode.',
  );
}

/** Throws ServerError when the server behind a data source cannot be used. */
export async function checkServer(dataSource: DataSource): Promise<void> {
  const [first, second] = [dataSource.createQueryRunner(), dataSource.createQueryRunner()];
  try {
    const [version] = await dataSource.query<[{ server_version_num: string }]>('show server_version_num');
    requireVersion(Number(version.server_version_num));
    await requireOwnSessions(
      (statement, parameters) => first.query(statement, parameters) as ReturnType<Query>,
      (statement, parameters) => second.query(statement, parameters) as ReturnType<Query>,
    );
  } finally {
    await first.release();
    await second.release();
  }
}
