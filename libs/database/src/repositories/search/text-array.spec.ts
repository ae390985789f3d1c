import { describe, expect, it } from '@jest/globals';
import { textArray } from './text-array.js';

describe(textArray, () => {
  it.each<[readonly string[], string]>([
    [[], '{}'],
    [['a-1', 'b,{}2', 'NULL', 'Käse'], '{"a-1","b,{}2","NULL","Käse"}'],
  ])('%j: %s', (texts, literal) => expect(textArray(texts)).toBe(literal));

  it.each(['a"b', 'a\\b', 'a\nb', '\u0001'])('leaves %j to the driver, because JSON escapes it differently', (text) => {
    expect(textArray(['a', text])).toEqual(['a', text]);
  });
});
