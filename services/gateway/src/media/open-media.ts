import { constants, type Stats } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { locateMedia } from '../media-files/media-path.js';

/** A media file that is open for reading. */
export interface OpenMedia {
  readonly file: FileHandle;
  readonly status: Stats;
}

/**
 * Opens a file that lies inside the media folders at this moment. Its place is looked at again once it is open: a link
 * that was put in its way in between would lead elsewhere, but not to the same file. Throws ProblemError.
 */
export async function openMedia(path: string, folders: readonly string[]): Promise<OpenMedia | null> {
  const real = await locateMedia(path, folders);
  // Opening a named pipe would wait for its writer.
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  const file = await open(real, flags).catch(() => null);
  if (!file) return null;
  try {
    const status = await file.stat();
    const there = await stat(await locateMedia(real, folders));
    if (status.isFile() && there.ino === status.ino && there.dev === status.dev) return { file, status };
  } catch (error) {
    await file.close();
    throw error;
  }
  await file.close();
  return null;
}
