import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { mediaDuration } from './media-duration.js';

const duration = (bytes: Buffer) =>
  mediaDuration((offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)), bytes.length);

const u32 = (value: number) => Buffer.from([value >>> 24, value >>> 16, value >>> 8, value].map((byte) => byte & 0xff));
const u64 = (value: bigint) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(value);
  return bytes;
};
const box = (type: string, ...content: Buffer[]) => {
  const all = Buffer.concat(content);
  return Buffer.concat([u32(all.length + 8), Buffer.from(type), all]);
};
const FTYP = box('ftyp', Buffer.from('isom\0\0\0\0'));
const REST = Buffer.alloc(80);
/** A movie header with a duration in units of 1/600 s. */
const header = (units: number) => box('mvhd', Buffer.alloc(12), u32(600), u32(units), REST);
const longHeader = (units: bigint) =>
  box('mvhd', Buffer.from([1, 0, 0, 0]), Buffer.alloc(16), u32(600), u64(units), REST);
const wave = (form: string, length: number, sound: number) => {
  const head = Buffer.from(`${form}\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0`, 'latin1');
  const format = Buffer.alloc(12);
  format.writeUInt32LE(8000, 0);
  format.writeUInt32LE(16_000, 4);
  const data = Buffer.from('LIST\x03\0\0\0abc\0data\0\0\0\0', 'latin1');
  data.writeUInt32LE(length, data.length - 4);
  return Buffer.concat([head, format, data, Buffer.alloc(sound)]);
};

describe('mediaDuration', () => {
  it.each<[string, Buffer, number]>([
    ['a movie with its header at the start', Buffer.concat([FTYP, box('moov', header(900)), box('mdat', REST)]), 1500],
    ['a movie with its header at the end', Buffer.concat([FTYP, box('mdat', REST), box('moov', header(600))]), 1000],
    [
      'a movie with other boxes before the header',
      Buffer.concat([box('wide'), box('moov', box('udta', REST), header(300))]),
      500,
    ],
    ['a long movie', Buffer.concat([FTYP, box('moov', longHeader(600n * 86_400n))]), 86_400_000],
    [
      'a movie with large data',
      Buffer.concat([FTYP, u32(1), Buffer.from('mdat'), u64(96n), REST, box('moov', header(600))]),
      1000,
    ],
    [
      'a movie whose last box extends to the end',
      Buffer.concat([FTYP, u32(0), Buffer.from('moov'), header(600)]),
      1000,
    ],
    ['sound', wave('RIFF', 8000, 8000), 500],
    ['truncated sound', wave('RIFF', 16_000, 8000), 500],
    ['sound of more than 4 GB', wave('RF64', 0xffff_ffff, 32_000), 2000],
  ])('reads the duration of %s', async (_, bytes, expected) => expect(await duration(bytes)).toBe(expected));

  it.each<[string, Buffer]>([
    ['an empty file', Buffer.alloc(0)],
    ['text', Buffer.from('These are words, not pictures.')],
    ['a movie with only its first box', FTYP],
    ['a fragmented movie', Buffer.concat([FTYP, box('moov', header(0))])],
    ['a movie with an unknown duration', Buffer.concat([FTYP, box('moov', header(0xffff_ffff))])],
    ['a movie with a truncated header', Buffer.concat([FTYP, box('moov', header(600))]).subarray(0, 40)],
    ['a movie with a box that is smaller than its header', Buffer.concat([FTYP, u32(4), Buffer.from('free'), REST])],
    ['sound without a format', Buffer.from('RIFF\0\0\0\0WAVEdata\x04\0\0\0abcd', 'latin1')],
  ])('returns null for %s', async (_, bytes) => expect(await duration(bytes)).toBeNull());

  it('reads the duration of a real file', async () => {
    expect(await duration(await readFile('services/demo-apps/media/cpb-aacip-512-sample0002.mp4'))).toBe(34_000);
  });
});
