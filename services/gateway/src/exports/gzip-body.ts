/** A raw deflate stream with the checksum and the uncompressed size that a zip entry needs. */
export interface Deflated {
  readonly deflated: Buffer;
  readonly crc32: number;
  readonly size: number;
}

const HEAD_BYTES = 10;
const END_BYTES = 8;
const WRAP = 2 ** 32;

/**
 * The deflate stream of a gzip file with `size` uncompressed bytes, so that a zip file can hold it without compressing it
 * again. Null when the bytes are not gzip, have optional header fields, or have another uncompressed size.
 */
export function gzipBody(gzip: Buffer, size: number): Deflated | null {
  if (gzip.length < HEAD_BYTES + END_BYTES || gzip.readUInt16BE(0) !== 0x1f8b || gzip[2] !== 8 || gzip[3] !== 0)
    return null;
  const end = gzip.length - END_BYTES;
  if (gzip.readUInt32LE(end + 4) !== size % WRAP) return null;
  return { deflated: gzip.subarray(HEAD_BYTES, end), crc32: gzip.readUInt32LE(end), size };
}
