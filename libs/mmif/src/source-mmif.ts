import { MmifError } from './mmif-error.js';

/** Kinds of media a source document can name. */
export type SourceKind = 'video' | 'audio' | 'text' | 'image';

/** A media file: its kind and its absolute path, which is the same wherever apps look at it. */
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
 * A `file://` location of an absolute path. mmif-python takes the path as it is written and decodes nothing, so
 * blanks and letters of all scripts stay; only what would end or change the path for every reader is encoded.
 */
function fileLocation(path: string): string {
  // On Windows the drive stands behind a slash: file:///C:/media/a.mp4.
  const rooted = /^[A-Za-z]:[\\/]/.test(path) ? `/${path.replaceAll('\\', '/')}` : path;
  if (!rooted.startsWith('/')) {
    throw new MmifError(`"${path}" is no absolute path: name the file from the root, as in /data/${path}.`);
  }
  return `file://${rooted.replace(/[%?#\\\p{Cc}]/gu, encodeURIComponent)}`;
}

/**
 * The MMIF document that a run begins with: documents `d1`, `d2` … in the given order and no views; the same bytes
 * for the same files, always. The old vocabulary is the default, because apps on mmif-python up to 1.1 find nothing
 * under the new one while newer apps know both. Throws MmifError without files and for a path that is not absolute.
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
