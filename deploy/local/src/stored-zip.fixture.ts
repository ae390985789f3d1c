import { crc32 } from 'node:zlib';

/** A ZIP archive with one uncompressed file (PKWARE APPNOTE, sections 4.3.7, 4.3.12 and 4.3.16). */
export function storedZip(name: string, text: string): Buffer {
  const path = Buffer.from(name);
  const content = Buffer.from(text);
  // Version, flags, method, time, date, checksum, sizes, lengths of name and extra field: equal in both headers.
  const shared = Buffer.alloc(26);
  shared.writeUInt16LE(20, 0);
  shared.writeUInt32LE(crc32(content), 10);
  shared.writeUInt32LE(content.length, 14);
  shared.writeUInt32LE(content.length, 18);
  shared.writeUInt16LE(path.length, 22);
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), shared, path, content]);
  const central = Buffer.concat([Buffer.from('PK\x01\x02'), Buffer.from([20, 0]), shared, Buffer.alloc(14), path]);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(1, 4);
  end.writeUInt16LE(1, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(local.length, 12);
  return Buffer.concat([local, central, Buffer.from('PK\x05\x06'), end]);
}
