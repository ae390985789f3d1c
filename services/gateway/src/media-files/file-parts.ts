import { close, fstat, open, read } from 'node:fs';
import { promisify } from 'node:util';

// `node:fs/promises` is not used: its handles cost three times more and stay in memory until the next full garbage
// collection, which matters with 100,000 files.
const openFile = promisify(open);
const readFile = promisify(read);
const closeFile = promisify(close);
const statusOf = promisify(fstat);

/** An open file that is read in parts. */
export interface OpenFile {
  /** Reads `length` bytes from an offset; fewer at the end of the file. */
  readonly read: (offset: number, length: number) => Promise<Buffer>;
  readonly size: () => Promise<number>;
}

/** Opens a file, runs `work`, and closes the file. */
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
