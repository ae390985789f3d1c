import { gunzipSync } from 'node:zlib';
import { indexForDisplay, MmifError, readMmif, summarise } from '#libs/mmif';

/** The views of a document. */
export const VIEW_KINDS = { summary: summarise, index: indexForDisplay } as const;
export type ViewKind = keyof typeof VIEW_KINDS;

/** The stored bytes of a document. */
export interface StoredContent {
  readonly encoding: 'gzip' | 'identity';
  readonly content: Uint8Array;
}

/** A view as JSON; or why there is none, as the end of a sentence. */
export type DocumentView = { readonly json: string } | { readonly unreadable: string };

/** Creates a view of a document. The result depends only on the document and the version of Chowda. */
export function viewDocument({ encoding, content }: StoredContent, kind: ViewKind): DocumentView {
  try {
    const bytes = encoding === 'gzip' ? gunzipSync(content) : content;
    return { json: JSON.stringify(VIEW_KINDS[kind](readMmif(bytes))) };
  } catch (error) {
    return { unreadable: error instanceof MmifError ? error.message : 'its stored bytes are damaged.' };
  }
}
