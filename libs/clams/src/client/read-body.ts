import { promisify } from 'node:util';
import { gunzip, inflate } from 'node:zlib';
import type { Readable } from 'node:stream';

const decompressors = { gzip: promisify(gunzip), deflate: promisify(inflate) };
/** Smaller bodies arrive in a few chunks. */
const LONG_BYTES = 1024 * 1024;

/** A body exceeded the size limit of `bytes`. */
export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge';

  constructor(readonly bytes: number) {
    super(`more than ${bytes} bytes`);
  }
}

/** The headers that describe a body. */
export interface BodyHeaders {
  readonly encoding: string | undefined;
  /** `Content-Length`, if present. */
  readonly length?: string | undefined;
}

/** Reads a body of at most `limit` bytes and decompresses it. Throws BodyTooLarge, or what the stream throws. */
export async function readBody(
  stream: Readable,
  { encoding, length }: BodyHeaders,
  limit: number,
): Promise<Uint8Array> {
  const body = await allOf(stream, Number(length), limit);
  const decompress = decompressors[encoding?.trim().toLowerCase() as keyof typeof decompressors];
  return decompress ? decompress(body, { maxOutputLength: limit }) : body;
}

/**
 * Reads a long body of announced length directly into its final buffer: concatenating chunks at the end would take the
 * memory twice. Uses events, because iterating over the stream costs a tenth of a small call.
 */
function allOf(stream: Readable, announced: number, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const isLong = announced > LONG_BYTES && announced <= limit;
    const whole = isLong ? Buffer.allocUnsafeSlow(announced) : null;
    const chunks: Buffer[] = [];
    let bytes = 0;
    stream.on('data', (chunk: Buffer) => {
      if (!whole) chunks.push(chunk);
      else chunk.copy(whole, bytes);
      bytes += chunk.byteLength;
      if (bytes > limit) stream.destroy(new BodyTooLarge(limit));
    });
    stream.once('end', () => resolve(whole?.subarray(0, bytes) ?? joined(chunks, bytes)));
    stream.once('error', reject);
    // The stream also closes after its end; creating an error then would cost a tenth of a small call.
    stream.once('close', () => {
      if (!stream.readableEnded) reject(new Error('the answer was truncated'));
    });
  });
}

const joined = (chunks: readonly Buffer[], bytes: number): Buffer =>
  chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, bytes);
