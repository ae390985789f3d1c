import { describe, expect, it } from '@jest/globals';
import { duplicatesOf } from './duplicates.js';

describe('duplicatesOf', () => {
  it.each([
    [[], []],
    [['a', 'b'], []],
    [['a', 'A'], []],
    [['a', 'b', 'a'], ['a']],
    [
      ['a', 'b', 'b', 'a', 'a'],
      ['b', 'a'],
    ],
  ])('finds in %j the duplicates %j', (items, expected) => expect(duplicatesOf(items)).toEqual(expected));
});
