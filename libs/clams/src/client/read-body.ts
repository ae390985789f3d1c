import { promisify } from 'node:util';
import { gunzip, inflate } from 'node:zlib';
import type { Readable } from 'node:stream';

const unpackers = { gzip: promisify(gunzip), deflate: promisify(inflate) };
/** Smaller bodies come in a few pieces. */
const LONG_BYTES = 1024 * 1024;

/** A body was longer than allowed. */
export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge';

  constructor(readonly bytes: number) {
    super(`more than ${bytes} bytes`);
  }
}

/** What the headers of a body say about it. */
export interface BodyHeaders {
  readonly encoding: string | undefined;
  /** `Content-Length`, when it is told. */
  readonly length?: string | undefined;
}

/** Reads a whole body of at most `limit` bytes, unpacked where it is packed. Throws BodyTooLarge, or what the stream throws. */
export async function readBody(
  stream: Readable,
  { encoding, length }: BodyHeaders,
  limit: number,
): Promise<Uint8Array> {
  const body = await allOf(stream, Number(length), limit);
  const unpack = unpackers[encoding?.trim().toLowerCase() as keyof typeof unpackers];
  return unpack ? unpack(body, { maxOutputLength: limit }) : body;
}

/**
 * A long body whose length is told is put where it stays: pieces that are put together at the end take the memory
 * twice. By events: iterating over the stream costs a small answer a tenth of its call.
 */
function allOf(stream: Readable, announced: number, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const isLong = announced > LONG_BYTES && announced <= limit;
    const whole = isLong ? Buffer.allocUnsafeSlow(announced) : null;
    const pieces: Buffer[] = [];
    let bytes = 0;
    stream.on('data', (piece: Buffer) => {
      if (!whole) pieces.push(piece);
      else piece.copy(whole, bytes);
      bytes += piece.byteLength;
      if (bytes > limit) stream.destroy(new BodyTooLarge(limit));
    });
    stream.once('end', () => resolve(whole?.subarray(0, bytes) ?? joined(pieces, bytes)));
    stream.once('error', reject);
    // It closes after its end, too, and making an error costs a tenth of a small call.
    stream.once('close', () => {
      if (!stream.readableEnded) reject(new Error('the answer was cut off'));
    });
  });
}

const joined = (pieces: readonly Buffer[], bytes: number): Buffer =>
  pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces, bytes);
