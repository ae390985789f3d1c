import { describe, expect, it } from '@jest/globals';
import { unstorablePath } from './unstorable-path.js';

describe('unstorablePath', () => {
  it.each([
    ['plain', null],
    ['\ud83d\ude00 \n\t\u0001', null],
    [{ a: ['x', 1, true, null] }, null],
    [undefined, null],
    ['a\0', []],
    ['\ud83d', []],
    [{ a: ['x', 'y\ude00'] }, ['a', '1']],
    [{ a: { 'k\0': 1 } }, ['a', 'k\ufffd']],
  ])('finds in %j the path %j', (value, expected) => expect(unstorablePath(value)).toEqual(expected));
});
