import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { freePort, until } from '#deploy/local';
import { testFolder } from './test-run.js';

const START_WITHIN = 60_000;
const LAST_LOG_CHARACTERS = 2000;

/** A CLAMS app in a process of its own, which serves on the loopback address. */
export interface AppProcess {
  readonly url: string;
  /** What the app and its server have written so far. */
  log(): Promise<string>;
  /** Ends the server and all its workers at once, as `kill -9` does; resolves when they are gone. */
  stop(): Promise<void>;
}

/** What to serve, and how. */
export interface AppProcessOptions {
  /** A program and its first arguments; it serves on the port that follows them and ends when its standard input does. */
  readonly command: readonly [string, ...string[]];
  /** Arguments behind the port. */
  readonly args?: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
  /** Default: any free one. */
  readonly port?: number;
}

/** Starts an app and waits until it can be connected to; throws with its log when it ends before. */
export async function startAppProcess(options: AppProcessOptions): Promise<AppProcess> {
  const { command, args = [], variables = {}, port = await freePort() } = options;
  const [program, ...first] = command;
  const home = await testFolder('app');
  const logFile = join(home, 'log');
  const descriptor = openSync(logFile, 'a');
  // In a process group of its own, so that workers end with their server. The pipe ends the app however this process
  // ends; the home keeps files of gunicorn from the user's own.
  const child = spawn(program, [...first, String(port), ...args], {
    stdio: ['pipe', descriptor, descriptor],
    detached: true,
    env: { PATH: process.env['PATH'], HOME: home, ...variables },
  });
  closeSync(descriptor);
  let ended: string | undefined;
  child.once('error', (error) => (ended = error.message));
  child.once('exit', (code, signal) => (ended = signal ?? `exit code ${code}`));
  const log = () => readFile(logFile, 'utf8');
  const stop = async () => {
    const gone = ended === undefined ? once(child, 'exit') : null;
    killGroup(child.pid);
    await gone;
  };
  const name = command.join(' ');
  await until(`The start of ${name}`, START_WITHIN, async () => ended !== undefined || (await accepts(port))).catch(
    async (error: unknown) => {
      await stop();
      throw error;
    },
  );
  if (ended !== undefined) throw new Error(`${name} ended (${ended}): ${(await log()).slice(-LAST_LOG_CHARACTERS)}`);
  return { url: `http://127.0.0.1:${port}`, log, stop };
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** A connection and no request: an app may be told to serve a single one. */
async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } finally {
    socket.destroy();
  }
}
