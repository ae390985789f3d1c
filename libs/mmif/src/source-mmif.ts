/** Kinds of media a source document can name. */
export type SourceKind = 'video' | 'audio' | 'text' | 'image';

const DOCUMENT_TYPES: Readonly<Record<SourceKind, string>> = {
  video: 'VideoDocument',
  audio: 'AudioDocument',
  text: 'TextDocument',
  image: 'ImageDocument',
};

// Apps on mmif-python up to 1.1 find nothing under the newer prefix; newer ones know both.
const VOCABULARY = 'http://mmif.clams.ai/vocabulary';
const FORMAT = 'http://mmif.clams.ai/1.0.5';

/**
 * A `file://` location of an absolute path. mmif-python takes the path as it is written and decodes nothing, so
 * blanks and letters of all scripts stay; only what would end or change the path for every reader is encoded.
 */
const fileLocation = (path: string): string => `file://${path.replace(/[%?#\\\p{Cc}]/gu, encodeURIComponent)}`;

/** The MMIF document a run begins with: one document, no views; the same bytes for the same file, always. */
export function buildSourceMmif({ kind, path }: { readonly kind: SourceKind; readonly path: string }): Uint8Array {
  const document = {
    '@type': `${VOCABULARY}/${DOCUMENT_TYPES[kind]}/v1`,
    properties: { mime: kind, id: 'd1', location: fileLocation(path) },
  };
  return new TextEncoder().encode(JSON.stringify({ metadata: { mmif: FORMAT }, documents: [document], views: [] }));
}
