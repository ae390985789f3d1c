import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { commandLine, isAlive, readPid } from './orphan.js';

/** What the command line of every process that holds the lock names. */
const MARK = /deploy\/local\/(?:start|src\/main)\.[cm]?js/;

/** The right to use a data folder. */
export interface StartLock {
  /** True when the last start on this folder was killed. */
  readonly afterCrash: boolean;
  release(): Promise<void>;
}

/** Locks a data folder for this process. Throws a sentence when another start uses it. */
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
      `Chowda is just being started on ${dataFolder}: wait for it, or choose another folder with --data.`,
      {
        cause,
      },
    );
  }
  return { afterCrash: holder !== null, release: () => rm(file, { force: true }) };
}
