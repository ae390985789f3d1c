import { createHash } from 'node:crypto';
import { DERIVED_FORMATS, type DerivedFormat, exportMmif, MmifError, readMmif } from '#libs/mmif';

/** A file made of a document, or why there is none. */
export type DerivedFile = { readonly bytes: Buffer; readonly sha256: string } | { readonly missing: string };

export const isDerived = (format: string): format is DerivedFormat =>
  (DERIVED_FORMATS as readonly string[]).includes(format);

/** Makes files of a document, in the order of the formats; one that is no MMIF gives none. */
export function derive(document: Uint8Array, formats: readonly DerivedFormat[]): DerivedFile[] {
  try {
    const mmif = readMmif(document);
    return formats.map((format) => {
      const made = exportMmif(mmif, format);
      if ('nothing' in made) return { missing: made.nothing };
      const bytes = Buffer.from(made.content);
      return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
    });
  } catch (error) {
    const why =
      error instanceof MmifError
        ? `the document cannot be read: ${error.message.replace(/\.$/, '')}`
        : 'the document cannot be converted';
    return formats.map(() => ({ missing: why }));
  }
}
