import { readdir, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';

const GIBIBYTE = 1024 ** 3;
/** Share of the disk that the streams may take; Postgres and the finished files need the rest. */
const SHARE = 0.5;

/** Disk space that the streams of a NATS server may take in a folder, in GiB: part of the free space and what they use. */
export async function storeSpaceGib(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  const bytes = SHARE * (Number(bavail) * Number(bsize)) + (await folderBytes(folder));
  return Math.round((100 * bytes) / GIBIBYTE) / 100;
}

/** Files that the server removes meanwhile count as 0. */
async function folderBytes(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  let bytes = 0;
  for (const name of names) {
    const found = await stat(join(folder, name)).catch(() => null);
    if (found?.isFile()) bytes += found.size;
  }
  return bytes;
}
