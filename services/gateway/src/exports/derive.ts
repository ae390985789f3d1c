import { createHash } from 'node:crypto';
import type { ExportFormat } from '#libs/contracts';
import { type DerivedFormat, exportMmif, MmifError, readMmif } from '#libs/mmif';

/** A file derived from a document, or why there is none. */
export type DerivedFile = { readonly bytes: Buffer; readonly sha256: string } | { readonly missing: string };

/** The format to derive; null for MMIF, which is sent as stored. Throws for a format that is declared but not implemented. */
export function derivedFormat(format: ExportFormat): DerivedFormat | null {
  switch (format) {
    case 'mmif':
      return null;
    case 'vtt':
    case 'srt':
    case 'txt':
    case 'csv':
    case 'jsonl':
      return format;
    default:
      throw new Error(`The export format ${String(format satisfies never)} is not implemented.`);
  }
}

/** Derives one file per format, in the given order. A document that is not valid MMIF yields a reason for each format. */
export function derive(document: Uint8Array, formats: readonly DerivedFormat[]): DerivedFile[] {
  try {
    const mmif = readMmif(document);
    return formats.map((format) => {
      const derived = exportMmif(mmif, format);
      if ('nothing' in derived) return { missing: derived.nothing };
      const bytes = Buffer.from(derived.content);
      return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
    });
  } catch (error) {
    const reason =
      error instanceof MmifError
        ? `the document cannot be read: ${error.message.replace(/\.$/, '')}`
        : 'the document cannot be converted';
    return formats.map(() => ({ missing: reason }));
  }
}
