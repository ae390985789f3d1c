/** What stands between the head and the end of a gzip file, with what a zip file says of it. */
export interface Deflated {
  readonly deflated: Buffer;
  readonly crc32: number;
  readonly size: number;
}

const HEAD_BYTES = 10;
const END_BYTES = 8;
const WRAP = 2 ** 32;

/**
 * The deflated content of a gzip file of `size` bytes, ready for a zip file without compressing it again. Null when it
 * is no such file: not gzip, with a head of more than the necessary, or of another size.
 */
export function gzipBody(gzip: Buffer, size: number): Deflated | null {
  if (gzip.length < HEAD_BYTES + END_BYTES || gzip.readUInt16BE(0) !== 0x1f8b || gzip[2] !== 8 || gzip[3] !== 0)
    return null;
  const end = gzip.length - END_BYTES;
  if (gzip.readUInt32LE(end + 4) !== size % WRAP) return null;
  return { deflated: gzip.subarray(HEAD_BYTES, end), crc32: gzip.readUInt32LE(end), size };
}
