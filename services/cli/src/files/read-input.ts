import { readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { usageError } from '../exit-codes.js';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'the file does not exist',
  EACCES: 'permission denied',
  EISDIR: 'it is a folder',
};

/** Handler for a read error: throws a usage error with the reason. */
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

/** GUIDs of a list, separated by line breaks, spaces, commas or semicolons. */
export const guidsIn = (list: Buffer): string[] =>
  list
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .split(/[\s,;]+/)
    .filter((guid) => guid !== '');
