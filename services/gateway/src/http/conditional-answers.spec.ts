import { describe, expect, it } from '@jest/globals';
import { acceptsGzip } from './accepts-gzip.js';
import { entityTag, isKnownToClient } from './entity-tag.js';

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
    ['identity', false],
    ['', false],
    [undefined, false],
  ])('%p: %p', (value, expected) => {
    expect(acceptsGzip({ headers: { 'accept-encoding': value } })).toBe(expected);
  });
});

describe('isKnownToClient', () => {
  it.each([
    ['W/"7"', true],
    ['"7"', true],
    ['"6", W/"7"', true],
    ['*', true],
    ['"77"', false],
    ['7', false],
    ['', false],
    [undefined, false],
  ])('If-None-Match %p: %p', (value, expected) => {
    expect(isKnownToClient({ headers: { 'if-none-match': value } }, entityTag('7'))).toBe(expected);
  });
});
