import { basename, isAbsolute, join } from 'node:path';
import type { MediaKind } from '#libs/contracts';
import { ProblemError } from '../http/problem-error.js';
import { withOpenFile } from '../media-files/file-parts.js';
import { guidKey } from '../media-files/guid.js';
import { HEAD_BYTES, mediaKind } from '../media-files/media-kind.js';
import { locateMedia } from '../media-files/media-path.js';
import type { ImportEntry } from './import-entry.js';
import { MediaIndex } from './media-index.js';

/** Result of the search for an entry's file. Paths are real paths inside the media folders. */
export type Finding =
  | { readonly found: 'media'; readonly path: string; readonly kind: MediaKind }
  /** A file that is neither video nor audio. */
  | { readonly found: 'other'; readonly path: string }
  | { readonly found: 'several'; readonly paths: readonly string[] }
  | { readonly found: 'nothing'; readonly sentence: string };

const nothing = (sentence: string): Finding => ({ found: 'nothing', sentence });

/** Finds the files of entries by path or by name. The media folders are scanned once, when the first name is searched. */
export class MediaFinder {
  constructor(
    private readonly folders: readonly string[],
    private index: Promise<MediaIndex> | null = null,
  ) {}

  async find({ guid, path }: Pick<ImportEntry, 'guid' | 'path'>): Promise<Finding> {
    const paths = path === null ? await this.named(guid) : await this.located(path, guid);
    if (!Array.isArray(paths)) return paths;
    const [first] = paths;
    if (first === undefined) return nothing(notFound(path));
    if (paths.length > 1) return { found: 'several', paths };
    return inspect(first);
  }

  private async named(guid: string | null): Promise<string[]> {
    this.index ??= MediaIndex.scan(this.folders);
    return guid === null ? [] : [...(await this.index).named(guidKey(guid))];
  }

  private async located(path: string, guid: string | null): Promise<string[] | Finding> {
    try {
      if (isAbsolute(path)) return [await locateMedia(path, this.folders)];
    } catch (error) {
      if (error instanceof ProblemError) return nothing(error.message);
      throw error;
    }
    const relative = path.replaceAll('\\', '/');
    const candidates = this.folders.map((folder) =>
      locateMedia(join(folder, relative), this.folders).catch(() => null),
    );
    const found = new Set((await Promise.all(candidates)).filter((real) => real !== null));
    if (found.size > 0) return [...found];
    return (await this.named(guid)).filter((real) => basename(real) === basename(relative));
  }
}

const notFound = (path: string | null): string =>
  path === null
    ? 'No file in the media folders has this GUID in its name. Put the file there, or add its path.'
    : `There is no readable file ${path} in the media folders. Check the path.`;

/** Determines the kind of a file from its name and its first bytes. */
async function inspect(path: string): Promise<Finding> {
  const head = await withOpenFile(path, ({ read }) => read(0, HEAD_BYTES)).catch(() => null);
  if (!head) return nothing(`The file ${path} cannot be read. Check its permissions.`);
  const kind = mediaKind(path, head);
  return kind === null ? { found: 'other', path } : { found: 'media', path, kind };
}
