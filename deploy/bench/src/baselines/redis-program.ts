import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const INSTALL_WITHIN_MS = 5 * 60_000;
const NAME = 'redis-server';

/** redis-server is missing and could not be installed; the message contains the remedy. */
class RedisUnavailable extends Error {
  override readonly name = 'RedisUnavailable';
}

async function findOnPath(path: string): Promise<string | null> {
  for (const folder of path.split(delimiter).filter((part) => part !== '')) {
    const candidate = join(folder, NAME);
    const isFound = await access(candidate, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isFound) return candidate;
  }
  return null;
}

/** Finds redis-server on PATH, or installs it with apt-get if the process runs as root. */
async function obtainRedis(print: (sentence: string) => void): Promise<string> {
  const path = process.env['PATH'] ?? '';
  const found = await findOnPath(path);
  if (found) return found;
  let reason = 'only root can install it';
  if (process.getuid?.() === 0) {
    print('Installing redis-server with apt-get ...');
    try {
      await run('apt-get', ['update', '-qq'], { timeout: INSTALL_WITHIN_MS });
      await run('apt-get', ['install', '-y', '-qq', NAME], { timeout: INSTALL_WITHIN_MS });
    } catch (error) {
      reason = error instanceof Error ? error.message.split('\n')[0]! : String(error);
    }
    const installed = await findOnPath(path);
    if (installed) return installed;
  }
  throw new RedisUnavailable(
    `redis-server is not on PATH and could not be installed (${reason}): install the package redis-server`,
  );
}

/** The version that a program reports, for example `7.0.15`. */
async function redisVersion(program: string): Promise<string> {
  const { stdout } = await run(program, ['--version']);
  return /v=([\d.]+)/.exec(stdout)?.[1] ?? 'unknown';
}

/** The program and its version, or why there is none. */
export type FoundRedis =
  { readonly program: string; readonly version: string } | { readonly program: null; readonly missing: string };

/** Finds or installs redis-server. */
export async function findRedis(print: (sentence: string) => void): Promise<FoundRedis> {
  try {
    const program = await obtainRedis(print);
    return { program, version: await redisVersion(program) };
  } catch (error) {
    if (!(error instanceof RedisUnavailable)) throw error;
    return { program: null, missing: error.message };
  }
}
