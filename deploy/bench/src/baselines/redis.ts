import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort, until } from '#deploy/local';
import type { Workbench } from '../workbench/workbench.js';

const READY_WITHIN_MS = 15_000;
const HOST = '127.0.0.1';

/** A running redis-server. */
export interface RunningRedis {
  readonly pid: number;
  readonly port: number;
}

/** Starts Redis, with an append-only file that is synced every second, the usual setting for queues; `name` is unique within the part. */
export async function startRedis(
  bench: Workbench,
  { name, program }: { name: string; program: string },
): Promise<RunningRedis> {
  const folder = bench.folder(`${name}-redis`);
  mkdirSync(folder, { recursive: true });
  mkdirSync(bench.logFolder, { recursive: true });
  const port = await freePort();
  const settings = {
    port: String(port),
    bind: HOST,
    dir: folder,
    pidfile: join(folder, 'redis.pid'),
    appendonly: 'yes',
    appendfsync: 'everysec',
    save: '',
  };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  const log = openSync(join(bench.logFolder, 'redis.log'), 'a');
  const child = spawn(program, args, { stdio: ['ignore', log, log], detached: true });
  closeSync(log);
  const exited = once(child, 'exit').then(([code, signal]) => String(signal ?? `exit code ${code}`));
  const stop = async () => {
    child.kill('SIGTERM');
    await exited;
  };
  bench.keep('redis', { pid: child.pid ?? 0, exited, stop, kill: () => void child.kill('SIGKILL') });
  await bench.step('Starting Redis', () => until('The start of Redis', READY_WITHIN_MS, () => answers(port)));
  return { pid: child.pid ?? 0, port };
}

async function answers(port: number): Promise<boolean> {
  const client = new Redis({ host: HOST, port, lazyConnect: true, retryStrategy: () => null });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.ping()) === 'PONG';
  } finally {
    client.disconnect();
  }
}
