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
  /** Kills the server if it runs, and starts it on the same port and folder. */
  restart(): Promise<void>;
  /** Stops the server and removes its folder. */
  stop(): Promise<void>;
}

/** Starts a real nats-server in a temporary folder, on a free port. */
export async function startTestNats(): Promise<TestNats> {
  const path = fromSetup(NATS_SERVER);
  const { stdout } = await promisify(execFile)(path, ['--version']);
  const program = { path, version: stdout };
  const dataFolder = await testFolder('nats');
  let server = await startNats({ program, dataFolder });
  const { url, port } = server;
  const kill = async () => {
    server.kill();
    await server.exited;
  };
  return {
    url,
    kill,
    restart: async () => {
      await kill();
      server = await startNats({ program, dataFolder, port });
    },
    stop: async () => {
      await server.stop();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}
