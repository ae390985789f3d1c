import { execFile, type SpawnOptions } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chown, cp, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { postgresFolder, programName } from './platform.js';

const run = promisify(execFile);
/** User and group id of "nobody". */
const NOBODY = 65_534;
const TO_NOBODY = ['--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`, '--'];

/** A way to start the Postgres programs, which refuse to run as root. */
export interface PostgresLaunch {
  /** The command, its arguments and spawn options for one program. */
  command(program: 'initdb' | 'postgres', args: readonly string[]): [string, string[], SpawnOptions];
  /** Gives a folder to the user that the programs run as. */
  own(folder: string): Promise<void>;
}

/**
 * Chooses how Postgres is started: as it is for an ordinary user; for root in a user namespace where root appears as
 * nobody, which works in any folder; and where namespaces are not allowed as nobody on a copy in `dataFolder`, because
 * nobody may not be let into the folder of the packages.
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
