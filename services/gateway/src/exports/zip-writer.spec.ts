import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { unzip } from '../../test/unzip.js';
import { gzipBody } from './gzip-body.js';
import { Spool } from './spool.js';
import { directoryEnd, directoryRecord } from './zip-records.js';
import { deflated, ZipWriter } from './zip-writer.js';

const AT = new Date('2026-03-04T05:06:08Z');

async function zipped(fill: (zip: ZipWriter) => Promise<void>): Promise<Buffer> {
  const written: Buffer[] = [];
  const zip = await ZipWriter.create((bytes) => Promise.resolve(void written.push(bytes)), AT);
  await fill(zip);
  await zip.finish();
  await zip.close();
  return Buffer.concat(written);
}

describe(ZipWriter, () => {
  it('writes entries that other programs can read: bytes, stored gzip content and streams', async () => {
    const text = Buffer.from('Zoë '.repeat(1000));
    const files = await unzip(
      await zipped(async (zip) => {
        await zip.add('plain.txt', await deflated(text));
        await zip.add('gzip.mmif', gzipBody(gzipSync(text), text.length)!);
        await zip.add('empty', await deflated(Buffer.alloc(0)));
        await zip.addLarge(
          'large.csv',
          (async function* () {
            for (let n = 0; n < 1000; n += 1) yield Promise.resolve(text);
          })(),
        );
      }),
    );
    expect([...files.keys()]).toEqual(['plain.txt', 'gzip.mmif', 'empty', 'large.csv']);
    expect(files.get('plain.txt')).toEqual(text);
    expect(files.get('gzip.mmif')).toEqual(text);
    expect(files.get('empty')).toHaveLength(0);
    expect(files.get('large.csv')).toHaveLength(1000 * text.length);
  });

  it('writes a valid empty zip file when there are no entries', async () => {
    expect((await unzip(await zipped(() => Promise.resolve()))).size).toBe(0);
  });
});

describe('a large zip file', () => {
  const FAR = 5 * 2 ** 30;

  it('stores the position of a distant entry in 64 bits', () => {
    const entry = { name: 'a', crc32: 1, compressedSize: 2, size: 3, offset: FAR };
    const record = directoryRecord(entry, AT);
    expect(record.readUInt32LE(42)).toBe(0xffffffff);
    expect(record.subarray(47).readBigUInt64LE(4)).toBe(BigInt(FAR));
    expect(directoryRecord({ ...entry, offset: 7 }, AT)).toHaveLength(47);
  });

  it('stores the position of a distant directory in 64 bits', () => {
    const end = directoryEnd(3, 100, FAR);
    expect(end.readBigUInt64LE(48)).toBe(BigInt(FAR));
    expect(end.readBigUInt64LE(56 + 8)).toBe(BigInt(FAR + 100));
    expect(end.readUInt32LE(56 + 20 + 16)).toBe(0xffffffff);
    expect(directoryEnd(3, 100, 7)).toHaveLength(22);
  });

  it('stores a count of more than 65,534 entries in 64 bits', () => {
    const end = directoryEnd(70_000, 100, 7);
    expect([end.readBigUInt64LE(24), end.readBigUInt64LE(32)]).toEqual([70_000n, 70_000n]);
    expect(end.readUInt16LE(56 + 20 + 10)).toBe(0xffff);
  });
});

describe('gzipBody', () => {
  const gzip = gzipSync('abc');

  it.each<[string, Buffer, number]>([
    ['bytes that are not gzip', Buffer.from('{"metadata": {}, "views": []}'), 3],
    ['gzip of another size', gzip, 4],
    ['truncated gzip', gzip.subarray(0, 15), 3],
    [
      'gzip with a file name in its header',
      Buffer.concat([gzip.subarray(0, 3), Buffer.from([8]), gzip.subarray(4)]),
      3,
    ],
  ])('returns null for %s', (_, bytes, size) => {
    expect(gzipBody(bytes, size)).toBeNull();
  });
});

describe(Spool, () => {
  it('returns the lines that were added, whatever their length', async () => {
    const lines = ['', 'ë'.repeat(300_000), 'short', '', 'last'];
    const spool = await Spool.create();
    for (const line of lines) await spool.add(Buffer.from(`${line}\n`));
    const read: string[] = [];
    for await (const line of spool.lines()) read.push(line);
    expect(read).toEqual(lines);
    await spool.close();
  });

  it('is empty initially', async () => {
    const spool = await Spool.create();
    for await (const bytes of spool.read()) expect(bytes).toBeUndefined();
    await spool.close();
  });
});
