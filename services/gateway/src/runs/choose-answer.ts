import type { IncomingMessage } from 'node:http';
import { acceptsGzip } from '../http/conditional-requests.js';
import { type ByteRange, byteRange } from '../http/conditional-requests.js';
import { isKnownToClient } from '../http/conditional-requests.js';

/** A stored document without its content. */
export interface StoredDocument {
  readonly sha256: string;
  /** Size before compression. */
  readonly bytes: number;
  readonly encoding: 'gzip' | 'identity';
  /** Size as it is stored. */
  readonly storedBytes: number;
}

/** In which form a document is sent, and with which headers. */
export interface DocumentAnswer {
  readonly status: 200 | 206 | 304 | 416;
  readonly headers: Readonly<Record<string, string | number>>;
  /** Whether the stored bytes go out as they are. */
  readonly asStored: boolean;
  /** Which part of the document; null: all of it. */
  readonly part: ByteRange | null;
}

/**
 * How a request for a document is answered. Plain and gzip are two forms with a strong tag each, for their bytes are
 * always the same; a part is one of the plain form. Who knows either form knows the document.
 */
export function chooseAnswer({ headers }: Pick<IncomingMessage, 'headers'>, document: StoredDocument): DocumentAnswer {
  const { sha256, bytes, encoding, storedBytes } = document;
  const [plainTag, gzipTag] = [`"${sha256}"`, `"${sha256}-gzip"`];
  const part = isPartWanted(headers['if-range'], plainTag) ? byteRange(headers.range, bytes) : null;
  const gzip = part === null && encoding === 'gzip' && acceptsGzip({ headers });
  const common = {
    etag: gzip ? gzipTag : plainTag,
    'accept-ranges': 'bytes',
    'cache-control': 'private, no-cache',
    vary: 'Accept-Encoding',
  };
  const form = { asStored: gzip || encoding === 'identity', part: null };
  if ([plainTag, gzipTag].some((tag) => isKnownToClient({ headers }, tag)))
    return { status: 304, headers: common, ...form };
  if (part === 'unsatisfiable')
    return { status: 416, headers: { ...common, 'content-range': `bytes */${bytes}` }, ...form };
  if (part !== null) {
    const { start, end } = part;
    const range = { 'content-length': end - start + 1, 'content-range': `bytes ${start}-${end}/${bytes}` };
    return { status: 206, headers: { ...common, ...range }, ...form, part };
  }
  const length: DocumentAnswer['headers'] = gzip
    ? { 'content-length': storedBytes, 'content-encoding': 'gzip' }
    : { 'content-length': bytes };
  return { status: 200, headers: { ...common, ...length }, ...form };
}

/** With `If-Range`, a part is wanted only of the document that the client has the rest of; a date is never ours. */
const isPartWanted = (ifRange: string | string[] | undefined, tag: string): boolean =>
  ifRange === undefined || ifRange === tag;
