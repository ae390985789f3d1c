import { shortType } from '#libs/mmif';
import type { AppMetadata } from '../metadata/app-metadata.js';
import { DOCUMENT_TYPES } from './check-pipeline.js';

/** Kinds of media files; each has its type of source document. */
export const FILE_KINDS = ['video', 'audio', 'text', 'image'] as const;
export type FileKind = (typeof FILE_KINDS)[number];

const KINDS: Readonly<Record<(typeof DOCUMENT_TYPES)[number], FileKind>> = {
  VideoDocument: 'video',
  AudioDocument: 'audio',
  TextDocument: 'text',
  ImageDocument: 'image',
};

/**
 * Kinds of files that an app can read when no app before it writes documents: those that every required input entry
 * with documents accepts. Null when it requires no document.
 */
function kindsOf({ input }: AppMetadata): FileKind[] | null {
  const required = input.filter((entry) => entry.some(({ required: isRequired }) => isRequired));
  const documents = required
    .map((entry) => entry.map(({ uri }) => KINDS[shortType(uri) as keyof typeof KINDS]))
    .filter((kinds) => kinds.every((kind) => kind !== undefined));
  const [first] = documents;
  return first ? first.filter((kind) => documents.every((kinds) => kinds.includes(kind))) : null;
}

/** Why an app of the pipeline cannot read a kind of file, for the first such app; null when all apps can. */
export function kindFault(
  kind: FileKind,
  apps: readonly { readonly name: string; readonly metadata: AppMetadata }[],
): string | null {
  const written = new Set<FileKind>();
  for (const { name, metadata } of apps) {
    const kinds = kindsOf(metadata);
    if (kinds && !kinds.includes(kind) && !kinds.some((readable) => written.has(readable))) {
      return kinds.length === 0
        ? `${name} needs documents of several kinds, not only ${kind}`
        : `${name} reads ${kinds.join(' or ')}, not ${kind}`;
    }
    for (const { uri } of metadata.output) {
      const document = KINDS[shortType(uri) as keyof typeof KINDS];
      if (document) written.add(document);
    }
  }
  return null;
}
