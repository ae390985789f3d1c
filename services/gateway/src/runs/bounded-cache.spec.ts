import { describe, expect, it } from '@jest/globals';
import { BoundedCache } from './bounded-cache.js';

const holding = (cache: BoundedCache<string>) =>
  ['a', 'b', 'c', 'd', 'e'].filter((key) => cache.get(key) !== undefined);

describe(BoundedCache, () => {
  it('removes the least recently used entry', () => {
    const cache = new BoundedCache<string>(8);
    for (const key of ['a', 'b', 'c', 'd']) cache.set(key, key, 2);
    cache.get('a');
    cache.set('e', 'e', 2);
    expect(holding(cache)).toEqual(['a', 'c', 'd', 'e']);
  });

  it('does not store a value larger than a quarter of its capacity', () => {
    const cache = new BoundedCache<string>(8);
    cache.set('a', 'a', 3);
    expect(holding(cache)).toEqual([]);
  });

  it('counts a replaced value once', () => {
    const cache = new BoundedCache<string>(8);
    for (let time = 0; time < 9; time += 1) cache.set('a', String(time), 2);
    for (const key of ['b', 'c', 'd']) cache.set(key, key, 2);
    expect(holding(cache)).toEqual(['a', 'b', 'c', 'd']);
    expect(cache.get('a')).toBe('8');
  });
});
