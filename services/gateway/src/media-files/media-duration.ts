import { withOpenFile } from './file-parts.js';

/** Reads `length` bytes of a file from an offset; fewer at the end of the file. */
export type ReadAt = (offset: number, length: number) => Promise<Buffer>;

const SECOND = 1000;
/** Files have few boxes; the search stops after this many. */
const MAX_BOXES = 200;
const BOX_HEAD = 16;
const WAVE_FORMS = ['RIFF', 'RF64', 'BW64'];

interface Box {
  readonly type: string;
  /** Offset of its content, in bytes. */
  readonly begin: number;
  readonly end: number;
}

/**
 * Duration of an MP4, QuickTime or WAVE file in milliseconds, read from its headers with a few short reads. Null for other
 * files and for headers without a duration.
 */
export async function mediaDuration(read: ReadAt, size: number): Promise<number | null> {
  const head = await read(0, 12);
  if (head.length < 12) return null;
  const [first, second, third] = [0, 4, 8].map((offset) => head.toString('latin1', offset, offset + 4));
  if (WAVE_FORMS.includes(first!) && third === 'WAVE') return waveDuration(read, size);
  return /^(ftyp|moov|mdat|free|wide|skip)$/.test(second!) ? movieDuration(read, size) : null;
}

/** Duration of a regular file in milliseconds; null when its headers do not contain it or the file cannot be read. */
export const measureMedia = (path: string): Promise<number | null> =>
  withOpenFile(path, async ({ read, size }) => mediaDuration(read, await size())).catch(() => null);

async function movieDuration(read: ReadAt, size: number): Promise<number | null> {
  const movie = await findBox(read, 'moov', { begin: 0, end: size });
  const header = movie && (await findBox(read, 'mvhd', movie));
  if (!header) return null;
  const content = await read(header.begin, 32);
  if (content.length < 32) return null;
  const isLong = content[0] === 1;
  const timescale = content.readUInt32BE(isLong ? 20 : 12);
  const units = isLong ? Number(content.readBigUInt64BE(24)) : content.readUInt32BE(16);
  // All bits set means that the duration is unknown.
  const isKnown = units > 0 && units !== 0xffff_ffff && units < Number.MAX_SAFE_INTEGER;
  return isKnown && timescale > 0 ? Math.round((units / timescale) * SECOND) : null;
}

async function findBox(read: ReadAt, type: string, { begin, end }: Omit<Box, 'type'>): Promise<Box | null> {
  let offset = begin;
  for (let n = 0; n < MAX_BOXES && offset + 8 <= end; n += 1) {
    const box = boxAt(await read(offset, BOX_HEAD), offset, end);
    if (!box) return null;
    if (box.type === type) return box;
    offset = box.end;
  }
  return null;
}

/** Parses a box header. The size is in the first 4 bytes, or in 8 bytes after the type (1), or extends to `end` (0). */
function boxAt(head: Buffer, offset: number, end: number): Box | null {
  if (head.length < 8) return null;
  const short = head.readUInt32BE(0);
  if (short === 1 && head.length < BOX_HEAD) return null;
  const long = short === 1 ? Number(head.readBigUInt64BE(8)) : short;
  const size = short === 0 ? end - offset : long;
  const headSize = short === 1 ? BOX_HEAD : 8;
  if (size < headSize) return null;
  return { type: head.toString('latin1', 4, 8), begin: offset + headSize, end: offset + size };
}

async function waveDuration(read: ReadAt, size: number): Promise<number | null> {
  let bytesPerSecond = 0;
  let offset = 12;
  for (let n = 0; n < MAX_BOXES && offset + 8 <= size; n += 1) {
    const head = await read(offset, 20);
    if (head.length < 8) return null;
    const [type, length] = [head.toString('latin1', 0, 4), head.readUInt32LE(4)];
    if (type === 'fmt ' && head.length === 20) bytesPerSecond = head.readUInt32LE(16);
    // A file of more than 4 GB stores its length elsewhere; the rest of the file is sound.
    if (type === 'data') {
      const sound = Math.min(length, size - offset - 8);
      const bytes = length === 0xffff_ffff ? size - offset - 8 : sound;
      return bytesPerSecond > 0 ? Math.round((bytes / bytesPerSecond) * SECOND) : null;
    }
    offset += 8 + length + (length % 2);
  }
  return null;
}
