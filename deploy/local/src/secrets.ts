import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

const SECRET_BYTES = 24;

/** A new random secret in hexadecimal. */
export const randomSecret = (): string => randomBytes(SECRET_BYTES).toString('hex');

/** The secret stored in a file that only its owner may read; created if missing. */
export async function keepSecret(file: string): Promise<string> {
  const known = (await readFile(file, 'utf8').catch(() => '')).trim();
  if (known !== '') return known;
  const secret = randomSecret();
  await mkdir(dirname(file), { recursive: true });
  // Flushed to disk: after a power failure, data that needs this secret must not exist without it.
  await writeFile(file, secret, { mode: 0o600, flush: true });
  return secret;
}
