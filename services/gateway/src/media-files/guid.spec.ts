import { describe, expect, it } from '@jest/globals';
import { guidKey, readGuid } from './guid.js';

describe('readGuid', () => {
  it.each([
    'cpb-aacip-507-zw18k75z4h',
    'cpb-aacip/507-zw18k75z4h',
    'cpb-aacip_507-zw18k75z4h',
    'cpb-aacip/507/zw18k75z4h',
    'CPB-AACIP-507-ZW18K75Z4H',
    'cpbaacip-507-zw18k75z4h',
    ' cpb-aacip-507-zw18k75z4h\t',
    '"cpb-aacip-507-zw18k75z4h"',
    '="cpb-aacip-507-zw18k75z4h"',
    '\ufeffcpb-aacip-507-zw18k75z4h,',
    'cpb\u2011aacip\u2013507\u2014zw18k75z4h',
    'cpb-aacip-507-zw18k75z4h.mp4',
    'CPB-AACIP-507-ZW18K75Z4H.MP4',
    'cpb-aacip-507-zw18k75z4h.h264.mp4',
    'cpb-aacip-507-zw18k75z4h_01.mp4',
    'cpb-aacip-507-zw18k75z4h__barcode48991_.h264.mp4',
    'cpb-aacip-507-zw18k75z4h-dupe2.mp4',
    'cpb-aacip-507-zw18k75z4h copy.mp4',
    'cpb-aacip-507-zw18k75z4h-.pdf',
    '/media/1974/cpb-aacip-507-zw18k75z4h.mov',
    String.raw`\\server\media\cpb-aacip-507-zw18k75z4h.mov`,
    'https://americanarchive.org/catalog/cpb-aacip-507-zw18k75z4h?term=news#at_12.0_s',
    'https://americanarchive.org/catalog/cpb-aacip%2F507-zw18k75z4h',
    'http://americanarchive.org/catalog/cpb-aacip_507-zw18k75z4h/',
  ])('reads the canonical GUID from %p', (text) => expect(readGuid(text)).toBe('cpb-aacip-507-zw18k75z4h'));

  it.each([
    ['cpb-aacip-e4308199588', 'cpb-aacip-e4308199588'],
    ['cpb-aacip-e4308199588.txt', 'cpb-aacip-e4308199588'],
    ['cpb-aacip-60-00000qrs', 'cpb-aacip-60-00000qrs'],
    ['cpb-aacip_two_words', 'cpb-aacip-two-words'],
    ['cpb-aacip-507-dupe2x', 'cpb-aacip-507-dupe2x'],
    ['cpb-aacip', 'cpb-aacip'],
    ['cpb-news', 'cpb-news'],
    ['Evening_News', 'Evening_News'],
    ['tapes/Evening_News.v2.mp4', 'Evening_News'],
  ])('reads %p as %p', (text, guid) => expect(readGuid(text)).toBe(guid));

  it.each([
    '',
    '   ',
    '""',
    'Evening news',
    'cpb-aacip-',
    'ü',
    '.mp4',
    'a/',
    'cpb-aacip-.x',
    `cpb-aacip-${'x'.repeat(128)}`,
    `x${'y'.repeat(128)}`,
  ])('returns null for %p', (text) => expect(readGuid(text)).toBeNull());
});

describe('guidKey', () => {
  it('returns the same key for all spellings of a GUID and another key for other GUIDs', () => {
    expect(guidKey('CPB-aacip_507-X')).toBe(guidKey('cpb-aacip-507-x'));
    expect(guidKey('cpb-aacip-507-y')).not.toBe(guidKey('cpb-aacip-507-x'));
  });
});
