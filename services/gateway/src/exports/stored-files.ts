import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Injectable } from '@nestjs/common';
import type { ExportFormat } from '#libs/contracts';
import { type ArchivedDocument, ExportsRepository } from '#libs/database';
import { derivedFormat } from './derive.js';
import { Deriver } from './deriver.js';
import { type Deflated, gzipBody } from './gzip-body.js';
import { REMOVED_DURING_EXPORT } from './missing-reason.js';
import { retryRead } from './retry-read.js';
import { deflated } from './zip-writer.js';

const decompress = promisify(gunzip);
const DAMAGED = 'its stored bytes are damaged';

/** A file for a zip, or why there is none. */
export type StoredFile =
  | { readonly sha256: string; readonly bytes: number; readonly deflated: () => Promise<Deflated> }
  | { readonly missing: string };

/** Files of archived documents, as stored or derived. */
@Injectable()
export class StoredFiles {
  constructor(
    private readonly exports: ExportsRepository,
    private readonly deriver: Deriver,
  ) {}

  /** The document in each format, in the given order. */
  async of(sha256: string, formats: readonly ExportFormat[]): Promise<StoredFile[]> {
    const derivedFormats = formats.map(derivedFormat);
    const document = await retryRead(() => this.exports.document(sha256));
    if (!document) return formats.map(() => ({ missing: REMOVED_DURING_EXPORT }));
    const toDerive = derivedFormats.filter((format) => format !== null);
    const plain = toDerive.length > 0 ? await contentOf(document) : null;
    const derived = plain ? await this.deriver.derive(plain, toDerive) : [];
    return derivedFormats.map((format) => {
      if (format === null) return storedMmif(document);
      const file = derived[toDerive.indexOf(format)] ?? { missing: DAMAGED };
      if ('missing' in file) return file;
      return { sha256: file.sha256, bytes: file.bytes.length, deflated: () => deflated(file.bytes) };
    });
  }
}

/** The bytes of a document; null when the stored bytes are damaged. */
export async function contentOf({ encoding, content, bytes }: ArchivedDocument): Promise<Buffer | null> {
  if (encoding === 'identity') return content.length === bytes ? content : null;
  try {
    const plain = await decompress(content);
    return plain.length === bytes ? plain : null;
  } catch {
    return null;
  }
}

/** The stored bytes; gzip content goes into the zip without being compressed again. */
function storedMmif({ sha256, bytes, encoding, content }: ArchivedDocument): StoredFile {
  if (encoding === 'identity') return { sha256, bytes, deflated: () => deflated(content) };
  const body = gzipBody(content, bytes);
  return body ? { sha256, bytes, deflated: () => Promise.resolve(body) } : { missing: DAMAGED };
}
