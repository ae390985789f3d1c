import { closeSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';

const MEBIBYTE = 1024 * 1024;
const ROTATE_ABOVE_BYTES = 10 * MEBIBYTE;

/** Path of a process's log. */
export const logPath = (folder: string, name: string): string => join(folder, `${name}.log`);

/** Opens a log for appending, passes its descriptor to `use` and closes it; renames a large log to `<name>.log.1` first. */
export function withLog<Result>(folder: string, name: string, use: (descriptor: number) => Result): Result {
  mkdirSync(folder, { recursive: true });
  const path = logPath(folder, name);
  const bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (bytes > ROTATE_ABOVE_BYTES) renameSync(path, `${path}.1`);
  const descriptor = openSync(path, 'a');
  try {
    return use(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
