import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import type { ReadStageEvent } from '#libs/contracts';
import type { ArchivedDocument, DocumentsRepository } from '#libs/database';
import { DocumentGone, type DocumentTransit, type StoredDocument } from '#libs/messaging';

const compress = promisify(gzip);
/** Below this size gzip costs more than it saves. */
const WORTH_COMPRESSING_BYTES = 4096;

/**
 * Fetches the outputs of done stages for the archive, each document once, compressed where that saves space. An event
 * that is read again may name a document that was archived and removed from the bucket: it is taken from the archive.
 */
export async function collectDocuments(
  events: readonly ReadStageEvent[],
  transit: Pick<DocumentTransit, 'openStored'>,
  archive: Pick<DocumentsRepository, 'find'>,
): Promise<ArchivedDocument[]> {
  const documents = new Map<string, ArchivedDocument>();
  for (const { event, inline } of events) {
    if (!event.document || documents.has(event.document.sha256)) continue;
    const { sha256, bytes } = event.document;
    const stored = await transit.openStored(event.document, inline).then(packed, async (error: unknown) => {
      const archived = error instanceof DocumentGone ? await archive.find(sha256) : null;
      if (!archived) throw error;
      return archived;
    });
    documents.set(sha256, { sha256, bytes, ...stored });
  }
  return [...documents.values()];
}

/** A document that is already compressed stays unchanged. */
async function packed({ encoding, content }: StoredDocument): Promise<Pick<ArchivedDocument, 'encoding' | 'content'>> {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  return encoding === 'identity' && bytes.byteLength >= WORTH_COMPRESSING_BYTES
    ? { encoding: 'gzip', content: await compress(bytes, { level: constants.Z_BEST_SPEED }) }
    : { encoding, content: bytes };
}
