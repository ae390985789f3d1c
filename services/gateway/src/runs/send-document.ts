import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { ByteRange } from '../http/conditional-requests.js';
import type { DocumentAnswer } from './choose-answer.js';

/** Sends a document in the chosen form. Decompression is streamed, so the whole document is never in memory. */
export async function sendDocument(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, asStored, part }: DocumentAnswer,
  read: () => Promise<Buffer>,
): Promise<void> {
  if (request.method === 'HEAD') {
    response.writeHead(status, headers);
    response.end();
    return;
  }
  const content = await read();
  response.writeHead(status, headers);
  if (asStored) {
    response.end(part ? content.subarray(part.start, part.end + 1) : content);
    return;
  }
  await pipeline(Readable.from(decompressed(content, part)), response).catch((error: NodeJS.ErrnoException) => {
    // The client disconnected.
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  });
}

async function* decompressed(content: Buffer, part: ByteRange | null): AsyncGenerator<Buffer> {
  const gunzip = createGunzip();
  gunzip.end(content);
  let at = 0;
  for await (const chunk of gunzip as AsyncIterable<Buffer>) {
    const from = Math.max((part?.start ?? 0) - at, 0);
    const to = Math.min((part?.end ?? Infinity) + 1 - at, chunk.length);
    if (from < to) yield chunk.subarray(from, to);
    at += chunk.length;
    if (part && at > part.end) return;
  }
}
