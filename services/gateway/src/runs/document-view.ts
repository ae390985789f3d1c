import { gunzipSync } from 'node:zlib';
import { indexForDisplay, MmifError, readMmif, summarise } from '#libs/mmif';

/** What is told of a document. */
export const VIEW_KINDS = { summary: summarise, index: indexForDisplay } as const;
export type ViewKind = keyof typeof VIEW_KINDS;

/** A document as it is stored. */
export interface StoredContent {
  readonly encoding: 'gzip' | 'identity';
  readonly content: Uint8Array;
}

/** What was made of a document, as JSON; or why nothing was, as the end of a sentence. */
export type DocumentView = { readonly json: string } | { readonly unreadable: string };

/** Tells something of a document; the same document always gives the same. */
export function viewDocument({ encoding, content }: StoredContent, kind: ViewKind): DocumentView {
  try {
    const bytes = encoding === 'gzip' ? gunzipSync(content) : content;
    return { json: JSON.stringify(VIEW_KINDS[kind](readMmif(bytes))) };
  } catch (error) {
    return { unreadable: error instanceof MmifError ? error.message : 'its stored bytes are damaged.' };
  }
}
