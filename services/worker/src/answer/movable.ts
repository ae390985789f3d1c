const WORTH_MOVING_BYTES = 64 * 1024;

/** Bytes that can be moved to another thread: the same bytes if they are large and own their memory, otherwise a copy. */
export function movable(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteLength } = bytes;
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength && byteLength > WORTH_MOVING_BYTES
    ? new Uint8Array(buffer)
    : new Uint8Array(bytes);
}
