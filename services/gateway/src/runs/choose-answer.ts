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

/** The form and headers of a response with a document. */
export interface DocumentAnswer {
  readonly status: 200 | 206 | 304 | 416;
  readonly headers: Readonly<Record<string, string | number>>;
  /** Whether the stored bytes are sent without decompression. */
  readonly asStored: boolean;
  /** Range of the uncompressed document; null: the whole document. */
  readonly part: ByteRange | null;
}

/**
 * Chooses the response to a request for a document. The uncompressed and the gzip form have a strong entity tag each,
 * because their bytes never change; a range is part of the uncompressed form. A client with either form gets 304.
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

/** With `If-Range`, a range is sent only if the client has the rest of this document; dates never match. */
const isPartWanted = (ifRange: string | string[] | undefined, tag: string): boolean =>
  ifRange === undefined || ifRange === tag;
