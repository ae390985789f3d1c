import { withOpenFile } from './file-parts.js';
import { mediaDuration } from './media-duration.js';

/** Running time of a regular file in milliseconds; null when its headers do not say, or it cannot be read. */
export const measureMedia = (path: string): Promise<number | null> =>
  withOpenFile(path, async ({ read, size }) => mediaDuration(read, await size())).catch(() => null);
