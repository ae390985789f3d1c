import { describe, expect, it } from '@jest/globals';
import { isNamedAsMedia, mediaKind } from './media-kind.js';

/** Concatenates text, bytes and runs of zero bytes (given as a number). */
const head = (...parts: (string | number | Buffer)[]): Buffer =>
  Buffer.concat(
    parts.map((part) => {
      if (typeof part === 'number') return Buffer.alloc(part);
      return typeof part === 'string' ? Buffer.from(part, 'latin1') : part;
    }),
  );
const hex = (digits: string) => Buffer.from(digits, 'hex');

const MP4 = head(4, 'ftypisom');
const MATROSKA = hex('1a45dfa3');
const TS = head('G', 187, 'G', 187);
const M2TS = head(4, 'G', 191, 'G', 187);
const WORDS = head('These are words, not pictures.');

describe('mediaKind', () => {
  it.each([
    ['a.mp4', MP4, 'video'],
    ['a.MP4', MP4, 'video'],
    ['a.mov', head(4, 'moov'), 'video'],
    ['a.mov', head(4, 'mdat'), 'video'],
    ['a.mkv', MATROSKA, 'video'],
    ['a.webm', MATROSKA, 'video'],
    ['a.avi', head('RIFF', 4, 'AVI '), 'video'],
    ['a.mpg', hex('000001ba'), 'video'],
    ['a.mpeg', hex('000001b3'), 'video'],
    ['a.ts', TS, 'video'],
    ['a.m2ts', M2TS, 'video'],
    ['a.mxf', hex('060e2b34'), 'video'],
    ['a.wmv', hex('3026b275'), 'video'],
    ['a.ogv', head('OggS'), 'video'],
    ['a.flv', head('FLV'), 'video'],
    ['a.dv', hex('1f0700'), 'video'],
    ['a.mp3', head('ID3'), 'audio'],
    ['a.mp3', hex('fffb9064'), 'audio'],
    ['a.aac', hex('fff15080'), 'audio'],
    ['a.flac', head('fLaC'), 'audio'],
    ['a.ogg', head('OggS'), 'audio'],
    ['a.m4a', MP4, 'audio'],
    ['a.wma', hex('3026b275'), 'audio'],
    ['a.wav', head('RIFF', 4, 'WAVE'), 'audio'],
    ['a.wav', head('RF64', 4, 'WAVE'), 'audio'],
    ['a.wav', head('BW64', 4, 'WAVE'), 'audio'],
    ['a.aiff', head('FORM', 4, 'AIFC'), 'audio'],
  ])('recognises %s with %p as %s', (path, bytes, kind) => {
    expect(mediaKind(`/media/${path}`, bytes)).toBe(kind);
  });

  it.each([
    ['text named as video', 'a.mp4', WORDS],
    ['text named as audio', 'a.mp3', WORDS],
    ['an empty file', 'a.mp4', Buffer.alloc(0)],
    ['audio named as video', 'a.mp4', head('ID3')],
    ['video named as audio', 'a.mp3', MATROSKA],
    ['a WAVE file named as AVI', 'a.avi', head('RIFF', 4, 'WAVE')],
    ['an AVI file named as WAVE', 'a.wav', head('RIFF', 4, 'AVI ')],
    ['a letter G without a second packet', 'a.ts', head('G', 300)],
    ['a second packet without a first', 'a.ts', head(188, 'G', 187)],
    ['an AVI name in another container', 'a.avi', head('XXXX', 4, 'AVI ')],
    ['a WAVE name in another container', 'a.wav', head('XXXX', 4, 'WAVE')],
    ['an AIFF name in another container', 'a.aiff', head('XXXX', 4, 'AIFF')],
    ['another form in the container of AIFF', 'a.aiff', head('FORM', 4, 'ILBM')],
    ['the first byte of a frame only', 'a.mp3', hex('ff000000')],
    ['the second byte of a frame only', 'a.mp3', hex('00fb9064')],
    ['video without an extension', 'a', MP4],
    ['video named as text', 'a.txt', MP4],
    ['a file name that is only an extension', '.mp4', MP4],
  ])('rejects %s', (_, path, bytes) => {
    expect(mediaKind(`/media/${path}`, bytes)).toBeNull();
  });
});

describe('isNamedAsMedia', () => {
  it.each([
    ['a.mp4', true],
    ['a.WAV', true],
    ['a.txt', false],
    ['mp4', false],
  ])('judges the name %s by its extension: %p', (path, expected) => {
    expect(isNamedAsMedia(path)).toBe(expected);
  });
});
