import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import { startNats } from '#deploy/local';
import { fromSetup, NATS_SERVER, testFolder } from './test-run.js';

/** A nats-server for one suite, with JetStream on disk. */
export interface TestNats {
  readonly url: string;
  /** Sends SIGKILL; resolves when the server has ended. */
  kill(): Promise<void>;
  /** Kills the server if it runs, and starts it on the same port and folder, optionally with another storage limit. */
  restart(change?: Pick<TestNatsOptions, 'maxFileStore'>): Promise<void>;
  /** Stops the process with SIGSTOP until `resume`: connections stay open, and nothing is answered. */
  suspend(): void;
  resume(): void;
  /** Stops the server and removes its folder. */
  stop(): Promise<void>;
}

export interface TestNatsOptions {
  /** Limit of all files of streams, such as "20MB"; default: that of `npm start`. */
  readonly maxFileStore?: string | undefined;
  /** Folder for its data, which must exist; default: a temporary folder. */
  readonly folder?: string;
}

/** Starts a real nats-server in a temporary folder, on a free port. */
export async function startTestNats({ maxFileStore, folder }: TestNatsOptions = {}): Promise<TestNats> {
  const path = fromSetup(NATS_SERVER);
  const { stdout } = await promisify(execFile)(path, ['--version']);
  const program = { path, version: stdout };
  const dataFolder = folder ?? (await testFolder('nats'));
  let server = await startNats({ program, dataFolder, maxFileStore });
  const { url, port } = server;
  const kill = async () => {
    server.kill();
    await server.exited;
  };
  return {
    url,
    kill,
    restart: async (change = { maxFileStore }) => {
      await kill();
      server = await startNats({ program, dataFolder, port, ...change });
    },
    suspend: () => void process.kill(server.pid, 'SIGSTOP'),
    resume: () => void process.kill(server.pid, 'SIGCONT'),
    stop: async () => {
      await server.stop();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}
