import { execFile } from 'node:child_process';
import { dirname } from 'node:path';

const PROGRAM = new URL('../chowda.mjs', import.meta.url).pathname;
const MEBIBYTE = 1024 ** 2;

/** Exit code and output of a process. */
export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs `chowda` as a process in a folder, for the Chowda that was started with a data folder. */
export const shellIn =
  (folder: string, dataFolder: string) =>
  (...args: readonly string[]): Promise<Ended> =>
    new Promise((resolve) => {
      const env = { PATH: dirname(process.execPath), CHOWDA_DATA: dataFolder };
      execFile(
        process.execPath,
        [PROGRAM, ...args],
        { cwd: folder, env, maxBuffer: 64 * MEBIBYTE },
        (error, out, err) => resolve({ code: error ? Number(error.code) : 0, out, err }),
      );
    });
