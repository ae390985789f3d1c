import { open } from 'node:fs/promises';
import { mediaDuration } from './media-duration.js';

/** Running time of a regular file in milliseconds; null when its headers do not say, or it cannot be read. */
export async function measureMedia(path: string): Promise<number | null> {
  const file = await open(path, 'r').catch(() => null);
  if (!file) return null;
  const read = async (offset: number, length: number) => {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset);
    return buffer.subarray(0, bytesRead);
  };
  try {
    return await mediaDuration(read, (await file.stat()).size);
  } catch {
    return null;
  } finally {
    await file.close();
  }
}
