import { shortType } from '#libs/mmif';
import type { AppMetadata } from '../metadata/app-metadata.js';
import { DOCUMENT_TYPES } from './check-pipeline.js';

/** Kinds of media files, as their source documents are typed. */
export const FILE_KINDS = ['video', 'audio', 'text', 'image'] as const;
export type FileKind = (typeof FILE_KINDS)[number];

const KINDS: Readonly<Record<(typeof DOCUMENT_TYPES)[number], FileKind>> = {
  VideoDocument: 'video',
  AudioDocument: 'audio',
  TextDocument: 'text',
  ImageDocument: 'image',
};

/**
 * Kinds of files that an app can read when nobody before it writes documents: those of one required input entry.
 * Null when it asks for no document.
 */
function kindsOf({ input }: AppMetadata): FileKind[] | null {
  const required = input.filter((entry) => entry.some(({ required: isRequired }) => isRequired));
  const documents = required
    .map((entry) => entry.map(({ uri }) => KINDS[shortType(uri) as keyof typeof KINDS]))
    .filter((kinds) => kinds.every((kind) => kind !== undefined));
  const [first] = documents;
  return first ? first.filter((kind) => documents.every((kinds) => kinds.includes(kind))) : null;
}

/** Why the first app that cannot read a kind of file cannot; null when every app of the pipeline can. */
export function kindFault(
  kind: FileKind,
  apps: readonly { readonly name: string; readonly metadata: AppMetadata }[],
): string | null {
  const written = new Set<FileKind>();
  for (const { name, metadata } of apps) {
    const kinds = kindsOf(metadata);
    if (kinds && !kinds.includes(kind) && !kinds.some((readable) => written.has(readable))) {
      return `${name} reads ${kinds.join(' or ') || 'no single kind of file'}, not ${kind}`;
    }
    for (const { uri } of metadata.output) {
      const document = KINDS[shortType(uri) as keyof typeof KINDS];
      if (document) written.add(document);
    }
  }
  return null;
}
