import { promisify } from 'node:util';
import { gunzip, inflate } from 'node:zlib';
import type { Readable } from 'node:stream';

const unpackers = { gzip: promisify(gunzip), deflate: promisify(inflate) };

/** A body was longer than allowed. */
export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge';

  constructor(readonly bytes: number) {
    super(`more than ${bytes} bytes`);
  }
}

/** Reads a whole body of at most `limit` bytes, unpacked where it is packed. Throws BodyTooLarge, or what the stream throws. */
export async function readBody(stream: Readable, encoding: string | undefined, limit: number): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes > limit) throw new BodyTooLarge(limit);
    chunks.push(chunk);
  }
  const body = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, bytes);
  const unpack = unpackers[encoding?.trim().toLowerCase() as keyof typeof unpackers];
  return unpack ? unpack(body, { maxOutputLength: limit }) : body;
}
