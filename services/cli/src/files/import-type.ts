/** Media types that `POST /api/media-files/imports` accepts for a list. */
export type ImportType = 'text/csv' | 'text/plain' | 'application/json';

const BY_ENDING: readonly (readonly [ending: RegExp, type: ImportType])[] = [
  [/\.(csv|tsv)$/i, 'text/csv'],
  [/\.json$/i, 'application/json'],
];

/** The media type of a list: by the extension of its file, else by its first line. Only a plain list has no header. */
export function importTypeOf(name: string, bytes: Uint8Array): ImportType {
  const known = BY_ENDING.find(([ending]) => ending.test(name));
  if (known) return known[1];
  // Dropping byte order marks and zero bytes makes the ASCII characters of UTF-16 readable.
  const start = new TextDecoder('latin1')
    .decode(bytes.subarray(0, 4096))
    .replaceAll(/^(\u00ef\u00bb\u00bf|ÿþ|þÿ)|\0/g, '');
  const line = start.trimStart().split(/[\r\n]/, 1)[0]!;
  if (/^[[{]/.test(line)) return 'application/json';
  return /[;,\t]/.test(line) || /^\W*(guid|asset|aapb|sep=)/i.test(line) ? 'text/csv' : 'text/plain';
}

/** A JSON list as the request body that Chowda accepts, or null; wraps a bare array of GUIDs or of files. */
export function importBody(list: unknown): object | null {
  if (Array.isArray(list)) return list.every((item) => typeof item === 'string') ? { guids: list } : { files: list };
  return typeof list === 'object' ? list : null;
}
