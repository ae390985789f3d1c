import { close, fstat, open, read } from 'node:fs';
import { promisify } from 'node:util';

// Not `node:fs/promises`: its handles cost three times more and stay until the next large garbage collection, which
// counts for 100,000 files.
const openFile = promisify(open);
const readFile = promisify(read);
const closeFile = promisify(close);
const statusOf = promisify(fstat);

/** An open file of which a few parts are read. */
export interface OpenFile {
  /** So many bytes from an offset; fewer at its end. */
  readonly read: (offset: number, length: number) => Promise<Buffer>;
  readonly size: () => Promise<number>;
}

/** Opens a file for as long as `work` takes. */
export async function withOpenFile<Result>(path: string, work: (file: OpenFile) => Promise<Result>): Promise<Result> {
  const file = await openFile(path, 'r');
  try {
    return await work({
      read: async (offset, length) => {
        const { buffer, bytesRead } = await readFile(file, Buffer.allocUnsafe(length), 0, length, offset);
        return buffer.subarray(0, bytesRead);
      },
      size: async () => (await statusOf(file)).size,
    });
  } finally {
    await closeFile(file);
  }
}
