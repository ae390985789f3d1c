import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { CliConfig } from '../cli.config.js';
import { CliError, EXIT } from '../exit-codes.js';

/** URL of Chowda, and the access token for it. */
export interface Server {
  readonly url: string;
  readonly token: string;
}

/** URL and token that `npm start` stored in its data folder; null if it stored none. */
export interface LocalServer {
  readonly folder: string;
  readonly url: string | null;
  readonly token: string | null;
}

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Reads what `npm start` stored; its data folder is in the repository by default. */
export async function readLocalServer(config: CliConfig, repository: string): Promise<LocalServer> {
  const folder = config.CHOWDA_DATA === undefined ? join(repository, '.chowda') : resolve(config.CHOWDA_DATA);
  const read = async (name: string) => (await readFile(join(folder, name), 'utf8').catch(() => '')).trim() || null;
  return { folder, url: await read('address'), token: await read('token') };
}

/** Chooses URL and token. The token of `npm start` is sent to addresses of this machine only. */
export function chooseServer(config: CliConfig, local: LocalServer): Server {
  const url = config.CHOWDA_URL ?? local.url;
  if (url === null || url === undefined)
    throw new CliError(
      `Chowda has not been started here (${local.folder} is empty). Run "npm start", or set CHOWDA_URL and CHOWDA_TOKEN.`,
      EXIT.unreachable,
    );
  const isLoopback = LOOPBACK.has(new URL(url).hostname);
  const token = config.CHOWDA_TOKEN ?? (isLoopback ? local.token : null);
  if (token === null) throw new CliError(`Set CHOWDA_TOKEN to the access token of ${url}.`, EXIT.unreachable);
  return { url, token };
}
