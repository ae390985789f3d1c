import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { obtainNatsServer, startPostgres, stopServersIn } from '#deploy/local';

const FOLDER = /^chowda-test-(\d+)$/;
/** Variables that pass the started servers from the setup of a Jest run to its workers. */
export const TEST_FOLDER = 'CHOWDA_TEST_FOLDER';
export const TEST_POSTGRES = 'CHOWDA_TEST_POSTGRES';
export const NATS_SERVER = 'NATS_SERVER';
/** Database with all migrations, the template of test databases. */
export const TEMPLATE_DATABASE = 'chowda_template';

/** The servers that all suites of a Jest run share. */
export interface TestRun {
  stop(): Promise<void>;
}

/**
 * Prepares a Jest run: a temporary folder, one Postgres with a migrated template database, and a nats-server program (kept in
 * `programFolder`). Cleans up after killed runs.
 */
export async function startTestRun(
  programFolder: string,
  migrate: (databaseUrl: string) => Promise<void>,
): Promise<TestRun> {
  await removeLeftovers();
  const folder = join(tmpdir(), `chowda-test-${process.pid}`);
  await mkdir(folder, { recursive: true });
  process.env[TEST_FOLDER] = folder;
  process.env[NATS_SERVER] ||= await natsServer(programFolder);

  const postgres = await startPostgres({ dataFolder: join(folder, 'postgres'), durable: false });
  const killWithParent = () => postgres.kill();
  process.once('exit', killWithParent);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  process.env[TEST_POSTGRES] = postgres.url;
  await query(postgres.url, `create database ${TEMPLATE_DATABASE}`);
  await migrate(databaseUrl(postgres.url, TEMPLATE_DATABASE));
  return {
    stop: async () => {
      process.off('exit', killWithParent);
      await postgres.stop();
      await stopServersIn(folder);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function natsServer(folder: string): Promise<string> {
  const { PATH: path, PIP_INDEX_URL: indexUrl } = process.env;
  const onStep = (sentence: string) => void process.stderr.write(`${sentence}\n`);
  return (await obtainNatsServer({ folder, path, indexUrl, onStep })).path;
}

/** A new folder for one suite, removed at the end of the Jest run. */
export function testFolder(prefix: string): Promise<string> {
  return mkdtemp(join(fromSetup(TEST_FOLDER), `${prefix}-`));
}

/** A variable set by the setup of the Jest run; throws if it is not set. */
export function fromSetup(variable: string): string {
  const value = process.env[variable];
  if (value === undefined) throw new Error(`${variable} is not set: only integration, e2e and full suites can use it.`);
  return value;
}

/** The URL of another database on the same server. */
export function databaseUrl(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}

/** Runs one statement on its own connection. */
export async function query(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = Number(FOLDER.exec(name)?.[1] ?? 0);
    if (pid === 0 || isAlive(pid)) continue;
    await stopServersIn(join(tmpdir(), name));
    await rm(join(tmpdir(), name), { recursive: true, force: true });
  }
}

/** Whether a process with this ID exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
