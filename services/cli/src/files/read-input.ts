import { readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { usageError } from '../exit-codes.js';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'you may not read it',
  EISDIR: 'it is a folder',
};

/** For a file that cannot be read: says why. */
export const unreadable =
  (file: string) =>
  (cause: NodeJS.ErrnoException): never => {
    throw usageError(`${file} cannot be read: ${REASONS[cause.code ?? ''] ?? cause.message}.`);
  };

/** The bytes of a file, or of standard input for `-`. */
export async function readInput(file: string, stdin: Readable): Promise<Buffer<ArrayBuffer>> {
  if (file !== '-') return readFile(file).catch(unreadable(file));
  const chunks: Buffer[] = [];
  for await (const chunk of stdin) chunks.push(Buffer.from(chunk as Buffer));
  return Buffer.concat(chunks);
}

/** GUIDs of a list with one on each line, or separated by commas. */
export const guidsIn = (list: Buffer): string[] =>
  list
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .split(/[\s,;]+/)
    .filter((guid) => guid !== '');
