import { MmifError } from '../model/json.js';

/** Kinds of media that a source document can refer to. */
export type SourceKind = 'video' | 'audio' | 'text' | 'image';

/** A media file: its kind and its absolute path, which must be the same on every host that runs apps. */
export interface SourceFile {
  readonly kind: SourceKind;
  readonly path: string;
}

const DOCUMENT_TYPES: Readonly<Record<SourceKind, string>> = {
  video: 'VideoDocument',
  audio: 'AudioDocument',
  text: 'TextDocument',
  image: 'ImageDocument',
};

// The versions of the document types and of the format go together: the new vocabulary came with MMIF 1.1.1.
const DIALECTS = {
  old: { prefix: 'http://mmif.clams.ai/vocabulary', version: 'v1', format: 'http://mmif.clams.ai/1.0.5' },
  new: { prefix: 'http://clams.ai/vocabulary/type', version: 'v2', format: 'http://mmif.clams.ai/1.2.0' },
} as const;

/**
 * A `file://` location for an absolute path. mmif-python reads the path verbatim and decodes nothing, so spaces and
 * letters of all scripts are not encoded; only characters that would end or change the path for every reader are.
 */
function fileLocation(path: string): string {
  // On Windows a slash precedes the drive: file:///C:/media/a.mp4.
  const rooted = /^[A-Za-z]:[\\/]/.test(path) ? `/${path.replaceAll('\\', '/')}` : path;
  if (!rooted.startsWith('/')) {
    throw new MmifError(`"${path}" is not an absolute path. Give the path from the root, for example /data/${path}.`);
  }
  return `file://${rooted.replace(/[%?#\\\p{Cc}]/gu, encodeURIComponent)}`;
}

/**
 * The MMIF document that a run starts from: documents `d1`, `d2` … in the given order and no views. The same files
 * always give the same bytes. The old vocabulary is the default, because apps on mmif-python up to 1.1 find nothing
 * under the new one, while newer apps know both. Throws MmifError without files and for a path that is not absolute.
 */
export function buildSourceMmif(
  source: SourceFile | readonly SourceFile[],
  { vocabulary = 'old' }: { readonly vocabulary?: keyof typeof DIALECTS } = {},
): Uint8Array {
  const files = 'kind' in source ? [source] : source;
  if (files.length === 0) throw new MmifError('A source document needs at least one media file.');
  const { prefix, version, format } = DIALECTS[vocabulary];
  const documents = files.map(({ kind, path }, index) => ({
    '@type': `${prefix}/${DOCUMENT_TYPES[kind]}/${version}`,
    properties: { mime: kind, id: `d${index + 1}`, location: fileLocation(path) },
  }));
  return new TextEncoder().encode(JSON.stringify({ metadata: { mmif: format }, documents, views: [] }));
}
