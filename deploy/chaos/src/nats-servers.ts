import { join } from 'node:path';
import { freePort, type NatsProgram, startNats, type Supervisor } from '#deploy/local';

/** Options of the servers. */
export interface NatsServersOptions {
  readonly program: NatsProgram;
  /** 1, or 3 for a cluster. */
  readonly servers: number;
  readonly dataFolder: string;
  readonly logFolder: string;
}

/** Names of the processes. */
export const natsNames = (servers: number): string[] =>
  servers === 1 ? ['nats-server'] : Array.from({ length: servers }, (_, nth) => `nats-server-${nth + 1}`);

/** Keeps nats-servers running, several as one cluster; returns their URLs, comma-separated. */
export async function keepNatsServers(supervisor: Supervisor, options: NatsServersOptions): Promise<string> {
  const { program, dataFolder, logFolder } = options;
  const names = natsNames(options.servers);
  const ports = await Promise.all(names.map(() => freePort()));
  const members = await Promise.all(names.map(() => freePort()));
  for (const [nth, name] of names.entries()) {
    const cluster = { serverName: name, port: members[nth]!, members };
    const server = {
      program,
      // One folder for each: its PID file identifies the server after this process was killed.
      dataFolder: join(dataFolder, name),
      logFolder: names.length > 1 ? join(logFolder, name) : logFolder,
      port: ports[nth]!,
      ...(names.length > 1 ? { cluster } : {}),
    };
    await supervisor.keep({ name, start: () => startNats(server) });
  }
  return ports.map((port) => `nats://127.0.0.1:${port}`).join(',');
}
