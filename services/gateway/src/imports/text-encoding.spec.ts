import { describe, expect, it } from '@jest/globals';
import { Decoder, EncodingDetector, isText } from './text-encoding.js';

const TEXT = 'guid;Titel\r\ncpb-aacip-507-x;Käse für 5 € – „heute“\r\n';
const bigEndian = (text: string) => Buffer.from(text, 'utf16le').swap16();
const windows = (text: string) =>
  Buffer.from(
    [...text].map((letter) => ({ '€': 0x80, '–': 0x96, '„': 0x84, '“': 0x93 })[letter] ?? letter.charCodeAt(0)),
  );

/** Encoding and text of bytes that arrive in pieces of `size` bytes. */
function read(bytes: Buffer, size = bytes.length): [string, string] {
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
    bytes.subarray(n * size, (n + 1) * size),
  );
  const detector = new EncodingDetector();
  pieces.forEach((piece) => detector.see(piece));
  const encoding = detector.encoding();
  const decoder = new Decoder(encoding);
  return [encoding, pieces.map((piece) => decoder.decode(piece)).join('')];
}

describe('encoding detection', () => {
  it.each<[string, Buffer]>([
    ['utf-8', Buffer.from(TEXT)],
    ['utf-8', Buffer.from(`\ufeff${TEXT}`)],
    ['utf-16le', Buffer.from(`\ufeff${TEXT}`, 'utf16le')],
    ['utf-16le', Buffer.from(TEXT, 'utf16le')],
    ['utf-16be', bigEndian(`\ufeff${TEXT}`)],
    ['utf-16be', bigEndian(TEXT)],
    ['windows-1252', windows(TEXT)],
  ])('detects %s in whole text and in pieces of 3 bytes', (encoding, bytes) => {
    expect(read(bytes)).toEqual([encoding, TEXT]);
    expect(read(bytes, 3)).toEqual([encoding, TEXT]);
  });

  it('returns Windows-1252 for a late byte that is not valid UTF-8', () => {
    const bytes = Buffer.concat([Buffer.from('a,b\n'.repeat(5000)), Buffer.from([0xe9])]);
    expect(read(bytes, 1000)[0]).toBe('windows-1252');
    expect(read(bytes, 1000)[1].at(-1)).toBe('é');
  });

  it('returns Windows-1252 when the text ends inside a UTF-8 sequence', () => {
    expect(read(Buffer.from([0x61, 0xc3]))).toEqual(['windows-1252', 'aÃ']);
  });

  it('returns UTF-8 for empty input', () => expect(read(Buffer.alloc(0))).toEqual(['utf-8', '']));
});

describe('isText', () => {
  it('returns true for words, tabs, line breaks and the DOS end-of-file character', () =>
    expect(isText('a\tb\r\n\fc\u001a')).toBe(true));

  it.each(['PK\u0003\u0004', '\0', '\u0089PNG\r\n\u001a\n\0', '\u001f\u008b'])('returns false for %j', (piece) =>
    expect(isText(piece)).toBe(false),
  );
});
