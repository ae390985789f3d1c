import { describe, expect, it } from '@jest/globals';
import { randomFor, SeededRandom } from './seeded-random.js';

const take = (random: SeededRandom, count: number) => Array.from({ length: count }, () => random.next());

describe(SeededRandom, () => {
  it('returns the numbers of mulberry32', () => {
    expect(take(new SeededRandom(1), 3).map((number) => number * 2 ** 32)).toEqual([2693262067, 11749833, 2265367787]);
  });

  it('returns the same numbers for the same seed, and others for another seed', () => {
    expect(take(new SeededRandom(7), 20)).toEqual(take(new SeededRandom(7), 20));
    expect(take(new SeededRandom(7), 20)).not.toEqual(take(new SeededRandom(8), 20));
  });

  it('returns both ends of a range and nothing outside', () => {
    const random = new SeededRandom(3);
    const seen = new Set(Array.from({ length: 200 }, () => random.between(2, 5)));
    expect(seen).toEqual(new Set([2, 3, 4, 5]));
  });

  it('picks every item eventually', () => {
    const random = new SeededRandom(3);
    expect(new Set(Array.from({ length: 50 }, () => random.pick(['a', 'b'])))).toEqual(new Set(['a', 'b']));
  });
});

describe(randomFor, () => {
  it('depends only on seed and text', () => {
    expect(take(randomFor(1, 'tape-1'), 3)).toEqual(take(randomFor(1, 'tape-1'), 3));
    expect(take(randomFor(1, 'tape-1'), 3)).not.toEqual(take(randomFor(1, 'tape-2'), 3));
    expect(take(randomFor(1, 'tape-1'), 3)).not.toEqual(take(randomFor(2, 'tape-1'), 3));
  });
});
