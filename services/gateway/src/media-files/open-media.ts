import { constants, type Stats } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { locateMedia } from './media-path.js';

/** A media file that is open for reading. */
export interface OpenMedia {
  readonly file: FileHandle;
  readonly status: Stats;
}

/**
 * Opens a file inside the media folders; null when it cannot be opened. Throws ProblemError for a path outside them. The
 * location is checked again after opening, because a symbolic link may have been swapped in between the two steps; it
 * would lead to a file with another inode.
 */
export async function openMedia(path: string, folders: readonly string[]): Promise<OpenMedia | null> {
  const real = await locateMedia(path, folders);
  // Opening a named pipe would wait for its writer.
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  const file = await open(real, flags).catch(() => null);
  if (!file) return null;
  try {
    const status = await file.stat();
    const current = await stat(await locateMedia(real, folders));
    if (status.isFile() && current.ino === status.ino && current.dev === status.dev) return { file, status };
  } catch (error) {
    await file.close();
    throw error;
  }
  await file.close();
  return null;
}
