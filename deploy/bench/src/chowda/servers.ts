import { createDatabase, runNodeScript, startNats, startPostgres } from '#deploy/local';
import { migrateScript } from '../workbench/scripts.js';
import type { Workbench } from '../workbench/workbench.js';

/** URL and process ID of a server. */
export interface Server {
  readonly url: string;
  readonly pid: number;
}

/** Starts a nats-server; `name` is unique within the part. */
export async function startBroker(bench: Workbench, name: string): Promise<Server> {
  const options = {
    program: bench.run.natsProgram,
    dataFolder: bench.folder(`${name}-nats`),
    logFolder: bench.logFolder,
  };
  return bench.keep('nats-server', await bench.step('Starting nats-server', () => startNats(options)));
}

/** Starts Postgres with the durability of the local stack and creates a database with Chowda's tables. */
export async function startDatabase(bench: Workbench, name: string): Promise<Server> {
  const { logFolder } = bench;
  const dataFolder = bench.folder(`${name}-postgres`);
  const server = await bench.step('Starting Postgres', () => startPostgres({ dataFolder, logFolder }));
  bench.keep('postgres', server);
  const url = await createDatabase(server.url, 'chowda');
  const environment = { ...process.env, DATABASE_URL: url };
  await runNodeScript({ name: 'migrate', script: migrateScript, environment, logFolder });
  return { url, pid: server.pid };
}
