import { statfs } from 'node:fs/promises';
import { isPortFree } from './free-port.js';
import { until } from './until.js';

const SECOND = 1000;
const GIBIBYTE = 1024 ** 3;
const NEEDED_BYTES = GIBIBYTE;
/** A service whose supervisor was killed closes its port within its stop grace period. */
const PORT_FREE_WITHIN = 10 * SECOND;

/** Throws if the disk of a folder has less free space than the stack needs. */
export async function checkDiskSpace(folder: string, neededBytes = NEEDED_BYTES): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free >= neededBytes) return;
  const gibibytes = (bytes: number) => (bytes / GIBIBYTE).toFixed(1);
  throw new Error(
    `The disk of ${folder} has only ${gibibytes(free)} GiB free, and Chowda needs ${gibibytes(neededBytes)} GiB: ` +
      'free some space, or choose a folder on another disk with --data.',
  );
}

/** Throws if the port of the web page is in use; after a crash, waits up to 10 s until it is free. */
export async function checkWebPort(port: number, afterCrash: boolean): Promise<void> {
  const isFree = () => isPortFree(port);
  const free = afterCrash
    ? await until(`Port ${port} becoming free`, PORT_FREE_WITHIN, isFree).catch(() => false)
    : await isFree();
  if (!free)
    throw new Error(`Port ${port} is in use: stop the program that uses it, or choose another port with --port.`);
}
