import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** There is no file at a document's location; named as in Python, whose name the error views of CLAMS apps carry. */
export class FileNotFoundError extends Error {
  override readonly name = 'FileNotFoundError';
}

/** The document cannot be looked at as a video; the message says why. */
export class NoVideoError extends Error {
  override readonly name = 'NoVideoError';
}

/** Path of a document's location, a `file://` address. Throws NoVideoError for another kind of address. */
export function pathOf(location: string): string {
  try {
    return fileURLToPath(location);
  } catch (error) {
    throw new NoVideoError(`This app reads file:// locations only, not ${location}.`, { cause: error });
  }
}

/** Path of an existing file at a document's location. Throws FileNotFoundError or NoVideoError. */
export async function openVideo(location: string): Promise<string> {
  const path = pathOf(location);
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') throw new FileNotFoundError(`There is no file ${path}.`);
    throw error;
  });
  if (!found.isFile()) throw new NoVideoError(`${path} is no file.`);
  return path;
}
