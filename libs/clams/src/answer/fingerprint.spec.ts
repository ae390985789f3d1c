import { describe, expect, it } from '@jest/globals';
import { fingerprintOf } from './fingerprint.js';

const of = (message: string) => fingerprintOf('app', 'app-error', message);

describe('fingerprintOf', () => {
  it.each([
    ['no file /m/cpb-aacip-507-zw18k75z4h.mp4 there', 'no file /data/x/cpb-aacip-1.mov there'],
    ['cpb-aacip-507-zw18k75z4h has 12 frames', 'cpb-aacip-512-5x2 has 7 frames'],
    ['host http://10.0.0.1:5000/x is down', 'host https://example.org is down'],
    ['at 0:01:02.5 of object 0x7f00ab', 'at 1:00:00 of object 0x11'],
    [
      'job 3f2504e0-4f89-11d3-9a0c-0305e82c3301 on 2026-11-22T09:08:40.579595',
      'job 9a0c04e0-4f89-11d3-9a0c-0305e82c3302 on 2025-01-01',
    ],
    // Groups with and without digits: as hex or numbers alone they would differ.
    ['no job 3f2504e0-4f89-11d3-9a0c-0305e82c3301', 'no job c0ffee00-abcd-4bad-beef-facefeed0001'],
    ['sha deadbeef01 differs', 'sha 0123456789ab differs'],
    ['two\n  lines', 'two lines'],
    [' spaces around ', 'spaces around'],
    [`${'x'.repeat(300)}a`, `${'x'.repeat(300)}b`],
  ])('is the same for %j and %j', (left, right) => expect(of(left)).toBe(of(right)));

  it.each([
    ['no bars found', 'no tone found'],
    ['KeyError: start', 'KeyError: end'],
    ['deface', 'facade'],
  ])('differs for %j and %j', (left, right) => expect(of(left)).not.toBe(of(right)));

  it('differs by app and by outcome', () => {
    expect(fingerprintOf('a', 'timeout', 'x')).not.toBe(fingerprintOf('b', 'timeout', 'x'));
    expect(fingerprintOf('a', 'timeout', 'x')).not.toBe(fingerprintOf('a', 'app-error', 'x'));
  });
});
