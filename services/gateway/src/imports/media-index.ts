import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { guidKey, readGuid } from '../media-files/guid.js';
import { isNamedAsMedia } from '../media-files/media-kind.js';
import { isInside, realPathOf } from '../media-files/media-path.js';

/** The video and audio files of some folders, by the GUIDs that their names hold. */
export class MediaIndex {
  /** A list only where there are several: one for each of 100,000 files would be a quarter of the index. */
  private readonly byKey = new Map<string, string | string[]>();
  /** Real paths of files whose names hold no GUID. */
  readonly unnamed: string[] = [];

  /**
   * Looks through folders with all below them, once. Links to files inside the allowed folders count, links to folders
   * are not followed: they could lead in a circle.
   */
  static async scan(folders: readonly string[], allowed = folders): Promise<MediaIndex> {
    const index = new MediaIndex();
    const roots = await realFolders(folders);
    const real = await realFolders(allowed);
    const outermost = roots.filter((root) => !roots.some((other) => isInside(other, root)));
    for (const root of new Set(outermost)) await index.walk(root, real);
    return index;
  }

  /** Real paths of the files of a GUID. */
  named(key: string): readonly string[] {
    const paths = this.byKey.get(key) ?? [];
    return typeof paths === 'string' ? [paths] : paths;
  }

  /** One file of each GUID. */
  *firsts(): Iterable<string> {
    for (const paths of this.byKey.values()) yield typeof paths === 'string' ? paths : paths[0]!;
  }

  private async walk(folder: string, allowed: readonly string[]): Promise<void> {
    // A folder that may not be read has no files for us.
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      // Also the `._name.mp4` that Macs leave beside a file.
      if (entry.name.startsWith('.')) continue;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) await this.walk(path, allowed);
      else if (!isNamedAsMedia(entry.name)) continue;
      else if (entry.isFile()) this.add(path, path);
      else if (entry.isSymbolicLink()) await this.addLinked(path, allowed);
    }
  }

  private async addLinked(link: string, allowed: readonly string[]): Promise<void> {
    const real = await realPathOf(link);
    if (real === null || !allowed.some((folder) => isInside(folder, real))) return;
    if ((await stat(real)).isFile()) this.add(link, real);
  }

  private add(name: string, path: string): void {
    const guid = readGuid(basename(name));
    if (guid === null) {
      this.unnamed.push(path);
      return;
    }
    const key = guidKey(guid);
    const known = this.named(key);
    if (known.length === 0) this.byKey.set(key, path);
    else if (!known.includes(path)) this.byKey.set(key, [...known, path]);
  }
}

async function realFolders(folders: readonly string[]): Promise<string[]> {
  const real = await Promise.all(folders.map(realPathOf));
  return real.filter((folder) => folder !== null);
}
