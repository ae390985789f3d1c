import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import type { ArchivedDocument } from '#libs/database';
import type { DocumentTransit } from '#libs/messaging';
import type { ReadEvent } from './read-event.js';

const compress = promisify(gzip);
/** Below this size gzip costs more than it saves. */
const WORTH_COMPRESSING_BYTES = 4096;

/** Fetches the outputs of done stages and makes them ready for the archive, each document once. */
export async function collectDocuments(
  events: readonly ReadEvent[],
  transit: DocumentTransit,
): Promise<ArchivedDocument[]> {
  const documents = new Map<string, ArchivedDocument>();
  for (const { fact, inline } of events) {
    if (!fact.document || documents.has(fact.document.sha256)) continue;
    const { sha256, bytes } = fact.document;
    const document = Buffer.from(await transit.open(fact.document, inline));
    const worth = bytes >= WORTH_COMPRESSING_BYTES;
    const content = worth ? await compress(document, { level: constants.Z_BEST_SPEED }) : document;
    documents.set(sha256, { sha256, bytes, encoding: worth ? 'gzip' : 'identity', content });
  }
  return [...documents.values()];
}
