/** Metadata of an entry in a zip file. */
export interface ZipEntry {
  /** Printable ASCII. */
  readonly name: string;
  readonly crc32: number;
  readonly compressedSize: number;
  readonly size: number;
  /** Position of its local header in the file, in bytes. */
  readonly offset: number;
}

const DEFLATE = 8;
const VERSION = 20;
const ZIP64_VERSION = 45;
/** Creator system Unix, so that readers apply the file mode. */
const UNIX = 3 << 8;
const FILE_MODE = 0o100644;
const MAX_16 = 0xffff;
const MAX_32 = 0xffffffff;

/** MS-DOS time and date, the format of zip files, in UTC. */
function dosTime(at: Date): readonly [time: number, date: number] {
  const time = (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1);
  const date = ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate();
  return [time, date];
}

/** Local header, which precedes the deflated bytes of an entry. */
export function localHeader({ name, crc32, compressedSize, size }: ZipEntry, at: Date): Buffer {
  const [time, date] = dosTime(at);
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(VERSION, 4);
  header.writeUInt16LE(DEFLATE, 8);
  header.writeUInt16LE(time, 10);
  header.writeUInt16LE(date, 12);
  header.writeUInt32LE(crc32, 14);
  header.writeUInt32LE(compressedSize, 18);
  header.writeUInt32LE(size, 22);
  header.writeUInt16LE(name.length, 26);
  return Buffer.concat([header, Buffer.from(name, 'latin1')]);
}

/** Record of an entry in the central directory. */
export function directoryRecord({ name, crc32, compressedSize, size, offset }: ZipEntry, at: Date): Buffer {
  const isFar = offset >= MAX_32;
  const [time, date] = dosTime(at);
  const extra = Buffer.alloc(isFar ? 12 : 0);
  if (isFar) {
    extra.writeUInt16LE(1, 0);
    extra.writeUInt16LE(8, 2);
    extra.writeBigUInt64LE(BigInt(offset), 4);
  }
  const record = Buffer.alloc(46);
  record.writeUInt32LE(0x02014b50, 0);
  record.writeUInt16LE(UNIX | (isFar ? ZIP64_VERSION : VERSION), 4);
  record.writeUInt16LE(isFar ? ZIP64_VERSION : VERSION, 6);
  record.writeUInt16LE(DEFLATE, 10);
  record.writeUInt16LE(time, 12);
  record.writeUInt16LE(date, 14);
  record.writeUInt32LE(crc32, 16);
  record.writeUInt32LE(compressedSize, 20);
  record.writeUInt32LE(size, 24);
  record.writeUInt16LE(name.length, 28);
  record.writeUInt16LE(extra.length, 30);
  record.writeUInt32LE(FILE_MODE * 2 ** 16, 38);
  record.writeUInt32LE(isFar ? MAX_32 : offset, 42);
  return Buffer.concat([record, Buffer.from(name, 'latin1'), extra]);
}

/** End of the central directory; in the zip64 format when a number exceeds 16 or 32 bits. */
export function directoryEnd(entries: number, directoryBytes: number, directoryOffset: number): Buffer {
  const isLarge = entries >= MAX_16 || directoryOffset >= MAX_32 || directoryBytes >= MAX_32;
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Math.min(entries, MAX_16), 8);
  end.writeUInt16LE(Math.min(entries, MAX_16), 10);
  end.writeUInt32LE(Math.min(directoryBytes, MAX_32), 12);
  end.writeUInt32LE(Math.min(directoryOffset, MAX_32), 16);
  if (!isLarge) return end;
  const large = Buffer.alloc(56);
  large.writeUInt32LE(0x06064b50, 0);
  large.writeBigUInt64LE(44n, 4);
  large.writeUInt16LE(UNIX | ZIP64_VERSION, 12);
  large.writeUInt16LE(ZIP64_VERSION, 14);
  large.writeBigUInt64LE(BigInt(entries), 24);
  large.writeBigUInt64LE(BigInt(entries), 32);
  large.writeBigUInt64LE(BigInt(directoryBytes), 40);
  large.writeBigUInt64LE(BigInt(directoryOffset), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(directoryOffset + directoryBytes), 8);
  locator.writeUInt32LE(1, 16);
  return Buffer.concat([large, locator, end]);
}
