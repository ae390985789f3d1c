import type { Stats } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { byteRange } from '../http/conditional-requests.js';
import { isKnownToClient } from '../http/conditional-requests.js';
import { ProblemError } from '../http/problem-error.js';
import type { OpenMedia } from './open-media.js';

const tagOf = ({ size, mtimeMs, ino }: Stats): string => `"${ino}-${size}-${Math.trunc(mtimeMs)}"`;

/** Whether a range may be sent: the client's earlier part is of the same file version (RFC 9110, 13.1.5). */
function matchesIfRange({ headers }: IncomingMessage, tag: string, modified: string): boolean {
  const condition = headers['if-range'];
  return condition === undefined || condition === tag || condition === modified;
}

/** Sends an open file or the requested range, and closes it. Stops when the client disconnects. */
export async function playMedia(
  request: IncomingMessage,
  response: ServerResponse,
  { file, status }: OpenMedia,
): Promise<void> {
  try {
    const tag = tagOf(status);
    const modified = status.mtime.toUTCString();
    response.setHeader('etag', tag);
    response.setHeader('last-modified', modified);
    response.setHeader('accept-ranges', 'bytes');
    response.setHeader('cache-control', 'private, no-cache');
    if (isKnownToClient(request, tag)) {
      response.writeHead(304).end();
      return;
    }
    const range = matchesIfRange(request, tag, modified) ? byteRange(request.headers.range, status.size) : null;
    if (range === 'unsatisfiable') throw rangeBeyondEnd(response, status.size);
    const { start, end } = range ?? { start: 0, end: status.size - 1 };
    response.setHeader('content-length', end - start + 1);
    if (range) response.setHeader('content-range', `bytes ${start}-${end}/${status.size}`);
    response.writeHead(range ? 206 : 200);
    if (request.method === 'HEAD' || status.size === 0) response.end();
    else await send(file.createReadStream({ start, end, autoClose: false }), response);
  } finally {
    await file.close();
  }
}

/** When the client disconnects or the disk fails, the answer just ends: an error can no longer be sent. */
async function send(bytes: NodeJS.ReadableStream, response: ServerResponse): Promise<void> {
  await pipeline(bytes, response).catch(() => response.destroy());
}

function rangeBeyondEnd(response: ServerResponse, size: number): ProblemError {
  response.setHeader('content-range', `bytes */${size}`);
  return new ProblemError(
    416,
    'range-not-satisfiable',
    'The range is beyond the end of the file',
    `The file has ${size} bytes. Request a range within them, or omit the header "Range".`,
  );
}
