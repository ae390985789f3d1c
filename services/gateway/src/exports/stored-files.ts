import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Injectable } from '@nestjs/common';
import type { ExportFormat } from '#libs/contracts';
import { type ArchivedDocument, ExportsRepository } from '#libs/database';
import { isDerived } from './derive.js';
import { Deriver } from './deriver.js';
import { type Deflated, gzipBody } from './gzip-body.js';
import { patiently } from './patiently.js';
import { GONE } from './why-missing.js';
import { deflated } from './zip-writer.js';

const decompress = promisify(gunzip);
const DAMAGED = 'its stored bytes are damaged';

/** A file for a zip, or why there is none. */
export type StoredFile =
  | { readonly sha256: string; readonly bytes: number; readonly deflated: () => Promise<Deflated> }
  | { readonly missing: string };

/** Files made of archived documents. */
@Injectable()
export class StoredFiles {
  constructor(
    private readonly exports: ExportsRepository,
    private readonly deriver: Deriver,
  ) {}

  /** The document in each of the formats, in their order. */
  async of(sha256: string, formats: readonly ExportFormat[]): Promise<StoredFile[]> {
    const document = await patiently(() => this.exports.document(sha256));
    if (!document) return formats.map(() => ({ missing: GONE }));
    const derivedFormats = formats.filter(isDerived);
    const plain = derivedFormats.length > 0 ? await contentOf(document) : null;
    const derived = plain ? await this.deriver.derive(plain, derivedFormats) : [];
    return formats.map((format) => {
      if (!isDerived(format)) return asItStands(document);
      const file = derived[derivedFormats.indexOf(format)] ?? { missing: DAMAGED };
      if ('missing' in file) return file;
      return { sha256: file.sha256, bytes: file.bytes.length, deflated: () => deflated(file.bytes) };
    });
  }
}

/** The document itself; null when what is stored is not what it should be. */
export async function contentOf({ encoding, content, bytes }: ArchivedDocument): Promise<Buffer | null> {
  if (encoding === 'identity') return content.length === bytes ? content : null;
  try {
    const plain = await decompress(content);
    return plain.length === bytes ? plain : null;
  } catch {
    return null;
  }
}

function asItStands({ sha256, bytes, encoding, content }: ArchivedDocument): StoredFile {
  if (encoding === 'identity') return { sha256, bytes, deflated: () => deflated(content) };
  const body = gzipBody(content, bytes);
  return body ? { sha256, bytes, deflated: () => Promise.resolve(body) } : { missing: DAMAGED };
}
