import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Client } from 'pg';
import { choosePort, LOOPBACK } from './free-port.js';
import { logPath, withLog } from './log-file.js';
import { stopOrphan } from './orphan.js';
import { choosePostgresLaunch, type PostgresLaunch } from './postgres-launch.js';
import { exitOf, lastLines, type RunningProcess, runningProcess, untilReady } from './running-process.js';
import { keepSecret } from './secrets.js';

const SECOND = 1000;
const START_WITHIN = 60 * SECOND;
const STOP_GRACE = 15 * SECOND;
const USER = 'chowda';

/** Postgres refuses to start on the folder until the children of a killed server have ended. */
const STILL_ENDING = /pre-existing shared memory block/;
const STILL_ENDING_FOR = 5 * SECOND;

/** Small values, because everything runs on one laptop. */
const MEMORY_SETTINGS = ['shared_buffers=64MB', 'max_connections=60', 'max_wal_size=256MB', 'jit=off'];
/** For tests only: a power cut may damage the folder. */
const VOLATILE_SETTINGS = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];

export interface PostgresOptions {
  /** Folder for the database and its password; created if missing. */
  readonly dataFolder: string;
  /** Folder for the log; default: the data folder. */
  readonly logFolder?: string;
  /** Default: a free port. */
  readonly port?: number;
  /** Whether committed rows survive a power cut. Default: true. */
  readonly durable?: boolean;
  /** Receives one sentence about each unusual event. */
  readonly onNotice?: (sentence: string) => void;
}

/** A running Postgres server on the loopback address. */
export interface RunningPostgres extends RunningProcess {
  /** URL of the database `postgres`, with user and password. */
  readonly url: string;
  readonly port: number;
}

/** Starts the embedded Postgres on a folder; first stops a server that a killed parent left running on it. */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const folder = resolve(options.dataFolder);
  const cluster = join(folder, 'cluster');
  const logFolder = options.logFolder ?? folder;
  await mkdir(folder, { recursive: true });
  if (await stopOrphan(join(cluster, 'postmaster.pid'), cluster)) {
    options.onNotice?.('Stopped the Postgres server that an earlier start left running.');
  }
  const launch = await choosePostgresLaunch(folder);
  const password = await keepSecret(join(folder, 'password'));
  await createCluster(launch, folder, logFolder);

  const port = await choosePort(options.port);
  const url = `postgres://${USER}:${password}@${LOOPBACK}:${port}/postgres`;
  const args = ['-D', cluster, '-p', String(port), ...settings(options.durable ?? true)];
  const end = Date.now() + STILL_ENDING_FOR;
  for (;;) {
    const { child, exited, logFile } = launchProgram(launch, 'postgres', args, logFolder);
    try {
      await untilReady({ name: 'Postgres', child, exited, logFile }, START_WITHIN, () => answers(url));
      // SIGINT is Postgres's fast shutdown: it ends open sessions and writes a checkpoint.
      return { ...runningProcess(child, exited, { signal: 'SIGINT', graceMs: STOP_GRACE }), url, port };
    } catch (error) {
      if (!STILL_ENDING.test(String(error)) || Date.now() > end) throw error;
    }
  }
}

const settings = (durable: boolean): string[] =>
  [
    `listen_addresses=${LOOPBACK}`,
    'unix_socket_directories=',
    ...MEMORY_SETTINGS,
    ...(durable ? [] : VOLATILE_SETTINGS),
  ].flatMap((setting) => ['-c', setting]);

/** Creates the cluster; an incomplete one, left by a crash, has no `cluster-complete` file and is recreated. */
async function createCluster(launch: PostgresLaunch, folder: string, logFolder: string): Promise<void> {
  const cluster = join(folder, 'cluster');
  const complete = join(folder, 'cluster-complete');
  if (existsSync(complete)) return;
  await rm(cluster, { recursive: true, force: true });
  await mkdir(cluster, { mode: 0o700 });
  await launch.own(folder);
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const access = [`--username=${USER}`, `--pwfile=${join(folder, 'password')}`, '--auth=scram-sha-256'];
  const args = ['-D', cluster, ...locale, ...access, '--no-instructions'];
  const { exited, logFile } = launchProgram(launch, 'initdb', args, logFolder);
  const reason = await exited;
  if (reason !== 'exit code 0') {
    throw new Error(`Postgres could not create its data folder (${reason}): ${await lastLines(logFile)}`);
  }
  await writeFile(complete, '');
}

function launchProgram(
  launch: PostgresLaunch,
  program: 'initdb' | 'postgres',
  programArgs: readonly string[],
  logFolder: string,
) {
  const [command, args, options] = launch.command(program, programArgs);
  const child = withLog(logFolder, program, (log) =>
    // Detached: Ctrl-C in the terminal must reach the supervisor alone, which then stops everything in order.
    spawn(command, args, { ...options, stdio: ['ignore', log, log], detached: true }),
  );
  return { child, exited: exitOf(child), logFile: logPath(logFolder, program) };
}

async function answers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } finally {
    await client.end().catch(() => undefined);
  }
}
