import { describe, expect, it } from '@jest/globals';
import { byteRange } from './byte-range.js';

describe('byteRange', () => {
  it.each([
    ['bytes=0-0', { start: 0, end: 0 }],
    ['bytes=2-4', { start: 2, end: 4 }],
    ['bytes=2-', { start: 2, end: 9 }],
    ['bytes=-3', { start: 7, end: 9 }],
    ['bytes=0-999999', { start: 0, end: 9 }],
    ['bytes=-999999', { start: 0, end: 9 }],
    ['Bytes = 2-4 ', { start: 2, end: 4 }],
    ['bytes=10-', 'unsatisfiable'],
    ['bytes=10-20', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=4-2', null],
    ['bytes=-', null],
    ['bytes=0-1,4-5', null],
    ['bytes=a-b', null],
    ['bytes=0-99999999999999999999', null],
    ['lines=0-1', null],
    ['', null],
    [undefined, null],
  ])('%p of ten bytes: %p', (header, expected) => {
    expect(byteRange(header, 10)).toEqual(expected);
  });

  it('has no part of nothing', () => {
    expect(byteRange('bytes=0-', 0)).toBe('unsatisfiable');
    expect(byteRange('bytes=-1', 0)).toBe('unsatisfiable');
  });
});
