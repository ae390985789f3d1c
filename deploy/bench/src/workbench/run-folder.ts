import { mkdir, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive, stopOrphan, stopServersIn } from '#deploy/local';

const FOLDER = /^chowda-bench-(\d+)$/;

/** Makes the folder of this run; ends and removes what a killed run left. */
export async function ownFolder(): Promise<string> {
  for (const name of await readdir(tmpdir())) {
    const pid = Number(FOLDER.exec(name)?.[1] ?? 0);
    if (pid > 0 && !isAlive(pid)) await removeFolder(join(tmpdir(), name));
  }
  const folder = join(tmpdir(), `chowda-bench-${process.pid}`);
  await mkdir(folder, { recursive: true });
  return folder;
}

/** Ends servers that still work in a folder, and removes it. */
export async function removeFolder(folder: string): Promise<void> {
  await stopServersIn(folder);
  for (const name of await readdir(folder)) {
    const home = join(folder, name);
    // Redis replaces its command line by its name and address.
    await stopOrphan(join(home, 'redis.pid'), 'redis-server');
  }
  await rm(folder, { recursive: true, force: true });
}
