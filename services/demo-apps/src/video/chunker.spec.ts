import { describe, expect, it } from '@jest/globals';
import { Chunker } from './chunker.js';

describe('the chunks of a stream', () => {
  it('have one size, however the bytes arrive', () => {
    const chunker = new Chunker(3);
    const pieces = ['a', 'bcd', 'efghi', ''].flatMap((text) => chunker.take(Buffer.from(text)));
    expect(pieces.map(String)).toEqual(['abc', 'def', 'ghi']);
  });

  it('are returned only when they are complete', () => {
    const chunker = new Chunker(4);
    expect(chunker.take(Buffer.from('abc'))).toEqual([]);
  });
});
