/** At most `size` items in their own order; the same items and seed give the same sample. */
export function sampleOf<Item>(items: readonly Item[], size: number, seed: number): Item[] {
  const random = numbersFrom(seed);
  const ranked = items.map((item, index) => ({ item, index, rank: random() }));
  const chosen = ranked.toSorted((left, right) => left.rank - right.rank).slice(0, size);
  return chosen.sort((left, right) => left.index - right.index).map(({ item }) => item);
}

/** Mulberry32: numbers from 0 to 1. */
function numbersFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
