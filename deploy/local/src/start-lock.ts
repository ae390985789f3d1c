import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { commandLine, isAlive, readPid } from './orphan.js';

/** Matches the command line of every process that can hold the lock. */
const MARK = /deploy\/local\/(?:start|src\/main)\.[cm]?js/;

/** The right to use a data folder. */
export interface StartLock {
  /** True if the last start on this folder was killed. */
  readonly afterCrash: boolean;
  release(): Promise<void>;
}

/** Locks a data folder for this process. Throws if another start uses it. */
export async function lockDataFolder(dataFolder: string): Promise<StartLock> {
  const file = join(dataFolder, 'chowda.pid');
  await mkdir(dataFolder, { recursive: true });
  const holder = await readPid(file);
  if (holder !== null && holder !== process.pid && isAlive(holder) && MARK.test(await commandLine(holder))) {
    throw new Error(
      `Chowda already runs on ${dataFolder} (process ${holder}): stop it, or choose another folder with --data.`,
    );
  }
  await rm(file, { force: true });
  try {
    await writeFile(file, `${process.pid}\n`, { flag: 'wx' });
  } catch (cause) {
    throw new Error(
      `Another start of Chowda is in progress on ${dataFolder}: wait for it, or choose another folder with --data.`,
      {
        cause,
      },
    );
  }
  return { afterCrash: holder !== null, release: () => rm(file, { force: true }) };
}
