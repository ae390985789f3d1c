import { mkdir, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive, stopOrphan, stopServersIn } from './orphan.js';

/** Creates the temporary folder of this run of a program; removes the folders of killed runs and ends their servers. */
export async function createRunFolder(program: string): Promise<string> {
  const prefix = `chowda-${program}-`;
  for (const name of await readdir(tmpdir())) {
    const pid = name.startsWith(prefix) ? Number(name.slice(prefix.length)) : Number.NaN;
    if (pid > 0 && !isAlive(pid)) await removeRunFolder(join(tmpdir(), name));
  }
  const folder = join(tmpdir(), `${prefix}${process.pid}`);
  await mkdir(folder, { recursive: true });
  return folder;
}

/** Ends the servers that still run in a folder, then removes it. */
export async function removeRunFolder(folder: string): Promise<void> {
  await stopServersIn(folder);
  for (const name of await readdir(folder)) {
    // Redis replaces its command line by its name and address, so its PID file and name identify it.
    await stopOrphan(join(folder, name, 'redis.pid'), 'redis-server');
  }
  await rm(folder, { recursive: true, force: true });
}
