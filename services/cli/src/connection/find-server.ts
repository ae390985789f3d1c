import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { CliConfig } from '../cli.config.js';
import { CliError, EXIT } from '../exit-codes.js';

/** Where Chowda is, and the token it knows. */
export interface Server {
  readonly url: string;
  readonly token: string;
}

/** What `npm start` has left in its data folder; null where there is nothing. */
export interface LocalStart {
  readonly folder: string;
  readonly url: string | null;
  readonly token: string | null;
}

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Reads what `npm start` has left; its folder lies in the repository unless it was told another. */
export async function readLocalStart(config: CliConfig, repository: string): Promise<LocalStart> {
  const folder = config.CHOWDA_DATA === undefined ? join(repository, '.chowda') : resolve(config.CHOWDA_DATA);
  const read = async (name: string) => (await readFile(join(folder, name), 'utf8').catch(() => '')).trim() || null;
  return { folder, url: await read('address'), token: await read('token') };
}

/** Chooses address and token; the token that a start has left is shown to this machine only. */
export function chooseServer(config: CliConfig, local: LocalStart): Server {
  const url = config.CHOWDA_URL ?? local.url;
  if (url === null || url === undefined)
    throw new CliError(
      `No Chowda was started here (${local.folder} is empty): run "npm start", or set CHOWDA_URL and CHOWDA_TOKEN.`,
      EXIT.unreachable,
    );
  const isHere = LOOPBACK.has(new URL(url).hostname);
  const token = config.CHOWDA_TOKEN ?? (isHere ? local.token : null);
  if (token === null) throw new CliError(`Set CHOWDA_TOKEN to the access token of ${url}.`, EXIT.unreachable);
  return { url, token };
}
