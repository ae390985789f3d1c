import { describe, expect, it } from '@jest/globals';
import { inChunks } from './in-chunks.js';

async function chunksOf(count: number, max = 9): Promise<number[][]> {
  const items = async function* () {
    for (let n = 1; n <= count; n += 1) yield await Promise.resolve(n);
  };
  const chunks: number[][] = [];
  for await (const chunk of inChunks(items(), 2, max)) chunks.push(chunk);
  return chunks;
}

describe('inChunks', () => {
  it.each<[number, number[][]]>([
    [0, []],
    [1, [[1]]],
    [2, [[1, 2]]],
    [3, [[1, 2], [3]]],
  ])('groups %i items into the chunks %j', async (count, chunks) => expect(await chunksOf(count)).toEqual(chunks));

  it('throws only when there are more items than allowed', async () => {
    expect(await chunksOf(4, 4)).toHaveLength(2);
    await expect(chunksOf(5, 4)).rejects.toThrow(/at most 4 media files.*nothing was imported/);
  });
});
