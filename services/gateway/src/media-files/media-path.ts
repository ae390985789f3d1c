import { open, realpath, stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { ProblemError } from '../http/problem-error.js';
import { HEAD_BYTES } from './media-kind.js';

export const isInside = (folder: string, path: string): boolean => {
  const route = relative(folder, path);
  return route !== '' && route !== '..' && !route.startsWith(`..${sep}`) && !isAbsolute(route);
};

const outside = (folders: readonly string[]) =>
  new ProblemError(
    422,
    'media-outside-folders',
    'The file is outside the media folders',
    `Move the file to one of ${folders.join(', ')}, or add its folder to the gateway setting MEDIA_FOLDERS.`,
  );

const missing = (path: string) =>
  new ProblemError(
    422,
    'media-missing',
    'File not found',
    `There is no readable file at ${path}. Check the path and its permissions.`,
  );

export const realPathOf = (path: string): Promise<string | null> => realpath(path).catch(() => null);

/**
 * The real path of a file inside the allowed folders, with symbolic links resolved. Throws ProblemError; for a path
 * outside the folders, the error does not reveal whether the file exists.
 */
export async function locateMedia(path: string, folders: readonly string[]): Promise<string> {
  if (!folders.some((folder) => isInside(folder, resolve('/', path)))) throw outside(folders);
  const real = await realPathOf(path);
  if (real === null) throw missing(path);
  const realFolders = await Promise.all(folders.map(realPathOf));
  if (!realFolders.some((folder) => folder !== null && isInside(folder, real))) throw outside(folders);
  return real;
}

/** The first bytes of a regular file; throws ProblemError for anything else. */
export async function readHead(path: string): Promise<Buffer> {
  // Checked before opening: opening a named pipe would wait for its writer.
  const isFile = await stat(path).then(
    (status) => status.isFile(),
    () => false,
  );
  const file = isFile ? await open(path, 'r').catch(() => null) : null;
  if (!file) throw missing(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
