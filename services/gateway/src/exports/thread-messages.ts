import type { DerivedFormat } from '#libs/mmif';

/** A document on its way to the thread. */
export interface DeriveRequest {
  readonly document: Uint8Array;
  readonly formats: readonly DerivedFormat[];
}

/** What was made of it, in the order of the formats. */
export type DeriveResult = readonly (
  { readonly bytes: Uint8Array; readonly sha256: string } | { readonly missing: string }
)[];
