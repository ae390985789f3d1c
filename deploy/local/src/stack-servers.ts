import { join } from 'node:path';
import { createDatabase } from './create-database.js';
import { freePort } from './free-port.js';
import { startNats } from './nats.js';
import { obtainNatsServer } from './nats-program.js';
import { startPostgres } from './postgres.js';
import type { Supervisor } from './supervisor.js';

const DATABASE = 'chowda';

/** Options of the servers of the local stack. */
export interface ServerOptions {
  readonly dataFolder: string;
  readonly logFolder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly onEvent: (sentence: string) => void;
}

/** Keeps an embedded Postgres running on one port and creates Chowda's database; returns its URL. */
export async function keepPostgres(supervisor: Supervisor, options: ServerOptions): Promise<string> {
  const { logFolder, onEvent } = options;
  const dataFolder = join(options.dataFolder, 'postgres');
  const port = await freePort();
  let url = '';
  const start = async () => {
    const server = await startPostgres({ dataFolder, logFolder, port, onNotice: onEvent });
    ({ url } = server);
    return server;
  };
  await supervisor.keep({ name: 'postgres', start });
  onEvent(`Started Postgres on port ${port}.`);
  return createDatabase(url, DATABASE);
}

/** Obtains a nats-server, reports its version and keeps it running; returns its URL. */
export async function keepNats(supervisor: Supervisor, port: number, options: ServerOptions): Promise<string> {
  const { logFolder, environment, onEvent } = options;
  const dataFolder = join(options.dataFolder, 'nats');
  const program = await obtainNatsServer({
    folder: join(options.dataFolder, 'programs'),
    indexUrl: environment['PIP_INDEX_URL'],
    path: environment['PATH'],
    onStep: onEvent,
  });
  if (program.warning !== null) onEvent(program.warning);
  const start = () => startNats({ program, dataFolder, logFolder, port, onNotice: onEvent });
  await supervisor.keep({ name: 'nats-server', start });
  onEvent(`Started nats-server ${program.version} (from ${program.source}: ${program.path}) on port ${port}.`);
  return `nats://127.0.0.1:${port}`;
}
