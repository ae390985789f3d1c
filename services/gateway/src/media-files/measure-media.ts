import { withOpenFile } from './file-parts.js';
import { mediaDuration } from './media-duration.js';

/** Duration of a regular file in milliseconds; null when its headers do not contain it or the file cannot be read. */
export const measureMedia = (path: string): Promise<number | null> =>
  withOpenFile(path, async ({ read, size }) => mediaDuration(read, await size())).catch(() => null);
