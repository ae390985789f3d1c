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

/** A CLAMS app in a separate process, on the loopback address. */
export interface AppProcess {
  readonly url: string;
  /** The output of the app and its server so far. */
  log(): Promise<string>;
  /** Sends SIGKILL to the server and all its workers; resolves when the server has ended. */
  stop(): Promise<void>;
}

/** How to start an app. */
export interface AppProcessOptions {
  /** A program and its first arguments. The port follows them; the program exits when its standard input ends. */
  readonly command: readonly [string, ...string[]];
  /** Arguments after the port. */
  readonly args?: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
  /** Default: a free port. */
  readonly port?: number;
}

/** Starts an app and waits until it accepts connections; throws with its log if it ends before. */
export async function startAppProcess(options: AppProcessOptions): Promise<AppProcess> {
  const { command, args = [], variables = {}, port = await freePort() } = options;
  const [program, ...first] = command;
  const home = await testFolder('app');
  const logFile = join(home, 'log');
  const descriptor = openSync(logFile, 'a');
  // A separate process group, so that workers end with their server. The closed pipe ends the app even if this process is
  // killed. HOME keeps files of gunicorn out of the user's home.
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
    const exited = ended === undefined ? once(child, 'exit') : null;
    killGroup(child.pid);
    await exited;
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

/** Opens a connection without a request, because an app may serve only a single request. */
async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } finally {
    socket.destroy();
  }
}
