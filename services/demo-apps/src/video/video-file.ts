import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/**
 * There is no file at the location of a document. The name is that of Python, as in error views of other CLAMS apps.
 */
export class FileNotFoundError extends Error {
  override readonly name = 'FileNotFoundError';
}

/** The document cannot be read as a video; the message states why. */
export class NoVideoError extends Error {
  override readonly name = 'NoVideoError';
}

/** Path of the location of a document, a `file://` URL. Throws NoVideoError for another kind of URL. */
export function pathOf(location: string): string {
  try {
    return fileURLToPath(location);
  } catch (error) {
    throw new NoVideoError(`${location} is not a file:// URL. This app reads only local files.`, { cause: error });
  }
}

/** Path of the existing file at the location of a document. Throws FileNotFoundError or NoVideoError. */
export async function openVideo(location: string): Promise<string> {
  const path = pathOf(location);
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') throw new FileNotFoundError(`There is no file ${path}.`);
    throw error;
  });
  if (!found.isFile()) throw new NoVideoError(`${path} is not a file.`);
  return path;
}
