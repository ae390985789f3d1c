/** Media types in which `POST /api/media-files/imports` takes a list. */
export type ImportType = 'text/csv' | 'text/plain' | 'application/json';

const BY_ENDING: readonly (readonly [ending: RegExp, type: ImportType])[] = [
  [/\.(csv|tsv)$/i, 'text/csv'],
  [/\.json$/i, 'application/json'],
];

/** What a list is: by the ending of its file, else by its first line; a list of GUIDs alone has no titles of columns. */
export function importTypeOf(name: string, bytes: Uint8Array): ImportType {
  const known = BY_ENDING.find(([ending]) => ending.test(name));
  if (known) return known[1];
  // Zero bytes are those of UTF-16, whose letters can be read all the same.
  const start = new TextDecoder('latin1')
    .decode(bytes.subarray(0, 4096))
    .replaceAll(/^(\u00ef\u00bb\u00bf|ÿþ|þÿ)|\0/g, '');
  const line = start.trimStart().split(/[\r\n]/, 1)[0]!;
  if (/^[[{]/.test(line)) return 'application/json';
  return /[;,\t]/.test(line) || /^\W*(guid|asset|aapb|sep=)/i.test(line) ? 'text/csv' : 'text/plain';
}

/** A JSON list as the interface takes it: an array alone is one of GUIDs, or of files. */
export function importBody(list: unknown): object | null {
  if (Array.isArray(list)) return list.every((item) => typeof item === 'string') ? { guids: list } : { files: list };
  return typeof list === 'object' ? list : null;
}
