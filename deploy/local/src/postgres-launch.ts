import { execFile, type SpawnOptions } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chown, cp, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { postgresFolder, programName } from './platform.js';

const run = promisify(execFile);
/** User and group ID of the user "nobody". */
const NOBODY = 65_534;
const TO_NOBODY = ['--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`, '--'];

/** How to start the Postgres programs, which refuse to run as root. */
export interface PostgresLaunch {
  /** The command, its arguments and spawn options for one program. */
  command(program: 'initdb' | 'postgres', args: readonly string[]): [string, string[], SpawnOptions];
  /** Makes the user that runs the programs the owner of a folder. */
  own(folder: string): Promise<void>;
}

/**
 * Chooses how to start Postgres: directly for an ordinary user; for root in a user namespace that maps root to the user
 * "nobody", which works in any folder; where namespaces are not allowed, as the user "nobody" from a copy in `dataFolder`,
 * because that user may have no access to the folder of the packages.
 */
export async function choosePostgresLaunch(dataFolder: string): Promise<PostgresLaunch> {
  const folder = postgresFolder();
  if (process.getuid?.() !== 0) return direct(folder, {});
  const namespaces = await run('unshare', [...TO_NOBODY, 'true']).then(
    () => true,
    () => false,
  );
  if (namespaces) {
    return {
      command: (program, args) => ['unshare', [...TO_NOBODY, programPath(folder, program), ...args], {}],
      own: () => Promise.resolve(),
    };
  }
  const copy = join(dataFolder, 'programs');
  if (!existsSync(copy)) {
    await cp(folder, `${copy}.new`, { recursive: true, verbatimSymlinks: true, force: true });
    await ownAll(`${copy}.new`);
    await rename(`${copy}.new`, copy);
  }
  return { ...direct(copy, { uid: NOBODY, gid: NOBODY }), own: ownAll };
}

const programPath = (folder: string, program: string) => join(folder, 'bin', programName(program));

const direct = (folder: string, options: SpawnOptions): PostgresLaunch => ({
  command: (program, args) => [programPath(folder, program), [...args], options],
  own: () => Promise.resolve(),
});

async function ownAll(folder: string): Promise<void> {
  const inside = await readdir(folder, { recursive: true });
  await Promise.all(['', ...inside].map((path) => chown(join(folder, path), NOBODY, NOBODY).catch(() => undefined)));
}
