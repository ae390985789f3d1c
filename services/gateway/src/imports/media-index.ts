import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { guidKey, readGuid } from '../media-files/guid.js';
import { isNamedAsMedia } from '../media-files/media-kind.js';
import { isInside, realPathOf } from '../media-files/media-path.js';

/** The video and audio files of folders, by the GUIDs in their names. */
export class MediaIndex {
  /** An array only for several files: one array per file would take a quarter of the memory for 100,000 files. */
  private readonly byKey = new Map<string, string | string[]>();
  /** Real paths of files whose names contain no GUID. */
  readonly unnamed: string[] = [];

  /**
   * Scans folders recursively. Symbolic links to files inside the allowed folders are included; links to folders are not
   * followed, because they can form a cycle.
   */
  static async scan(folders: readonly string[], allowed = folders): Promise<MediaIndex> {
    const index = new MediaIndex();
    const roots = await realFolders(folders);
    const real = await realFolders(allowed);
    const outermost = roots.filter((root) => !roots.some((other) => isInside(other, root)));
    for (const root of new Set(outermost)) await index.walk(root, real);
    return index;
  }

  /** Real paths of the files with a GUID key. */
  named(key: string): readonly string[] {
    const paths = this.byKey.get(key) ?? [];
    return typeof paths === 'string' ? [paths] : paths;
  }

  /** One file per GUID. */
  *firsts(): Iterable<string> {
    for (const paths of this.byKey.values()) yield typeof paths === 'string' ? paths : paths[0]!;
  }

  private async walk(folder: string, allowed: readonly string[]): Promise<void> {
    // Folders that cannot be read are skipped.
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      // Hidden files, such as the `._name.mp4` that macOS writes next to a file.
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
