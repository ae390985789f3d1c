import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { unreadable } from './read-input.js';

/** Enough of a file to detect its type. */
const HEAD_BYTES = 4096;

/** A file to send. It is read from disk each time it is sent, and is never in memory as a whole. */
export interface InputFile {
  /** Path as the user wrote it; `-` for standard input. */
  readonly name: string;
  readonly bytes: number;
  readonly head: Buffer;
  read(): Readable;
}

/**
 * Calls `work` with a file, or with standard input for `-`. Input that can be read only once, such as standard input or
 * a named pipe, is copied to a temporary file, which is deleted afterwards.
 */
export async function withInputFile<Result>(
  name: string,
  stdin: Readable,
  work: (file: InputFile) => Promise<Result>,
): Promise<Result> {
  if (name !== '-' && (await isRegular(name))) return work(await inputFile(name, name));
  const folder = await mkdtemp(join(tmpdir(), 'chowda-input-'));
  try {
    const path = join(folder, 'input');
    await pipeline(name === '-' ? stdin : createReadStream(name), createWriteStream(path)).catch(unreadable(name));
    return await work(await inputFile(name, path));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const isRegular = (path: string): Promise<boolean> => stat(path).then((status) => status.isFile(), unreadable(path));

async function inputFile(name: string, path: string): Promise<InputFile> {
  const file = await open(path, 'r').catch(unreadable(name));
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    const { size: bytes } = await file.stat();
    return { name, bytes, head: buffer.subarray(0, bytesRead), read: () => createReadStream(path) };
  } finally {
    await file.close();
  }
}
