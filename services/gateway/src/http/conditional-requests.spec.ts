import { describe, expect, it } from '@jest/globals';
import { acceptsGzip, byteRange, entityTag, isKnownToClient } from './conditional-requests.js';

describe('acceptsGzip', () => {
  it.each([
    ['gzip', true],
    ['br, gzip;q=0.5', true],
    ['GZIP', true],
    ['*', true],
    ['br;q=1, *;q=0.1', true],
    ['*;q=0, gzip', true],
    ['gzip;q=0', false],
    ['gzip ; q=0.00', false],
    ['gzip;q=0, *', false],
    ['*;q=0', false],
    ['br', false],
    ['x-gzip2', false],
    ['gzip;xq=0', true],
    ['identity', false],
    ['', false],
    [undefined, false],
  ])('accepts gzip with Accept-Encoding %p: %p', (value, expected) => {
    expect(acceptsGzip({ headers: { 'accept-encoding': value } })).toBe(expected);
  });
});

describe('isKnownToClient', () => {
  it.each([
    ['W/"7"', true],
    ['"7"', true],
    ['"6", W/"7"', true],
    ['*', true],
    [' * ', true],
    ['"6" , "7" ', true],
    ['xW/"7"', false],
    ['"77"', false],
    ['7', false],
    ['', false],
    [undefined, false],
  ])('finds the entity tag 7 in If-None-Match %p: %p', (value, expected) => {
    expect(isKnownToClient({ headers: { 'if-none-match': value } }, entityTag('7'))).toBe(expected);
  });
});

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
    ['kilobytes=0-1', null],
    ['', null],
    [undefined, null],
  ])('reads %p of ten bytes as %p', (header, expected) => {
    expect(byteRange(header, 10)).toEqual(expected);
  });

  it('finds no range in empty content', () => {
    expect(byteRange('bytes=0-', 0)).toBe('unsatisfiable');
    expect(byteRange('bytes=-1', 0)).toBe('unsatisfiable');
  });
});
