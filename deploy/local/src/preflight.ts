import { statfs } from 'node:fs/promises';
import { isPortFree } from './free-port.js';
import { until } from './until.js';

const SECOND = 1000;
const GIBIBYTE = 1024 ** 3;
const NEEDED_BYTES = GIBIBYTE;
/** A service whose supervisor was killed gives up its port within its own grace. */
const PORT_FREE_WITHIN = 10 * SECOND;

/** Throws a sentence when a folder's disk has less free space than the stack needs. */
export async function checkDiskSpace(folder: string, neededBytes = NEEDED_BYTES): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free >= neededBytes) return;
  const gibibytes = (bytes: number) => (bytes / GIBIBYTE).toFixed(1);
  throw new Error(
    `Only ${gibibytes(free)} GiB are free on the disk of ${folder}, and ${gibibytes(neededBytes)} GiB are needed: ` +
      'make room, or choose a folder on another disk with --data.',
  );
}

/** Throws a sentence when the web page's port is taken; after a crash it may take seconds until it is free. */
export async function checkWebPort(port: number, afterCrash: boolean): Promise<void> {
  const isFree = () => isPortFree(port);
  const free = afterCrash ? await until('A free port', PORT_FREE_WITHIN, isFree).catch(() => false) : await isFree();
  if (!free) throw new Error(`Port ${port} is in use: end the program that has it, or choose another with --port.`);
}
