/** The percentile by nearest rank; NaN without values. */
export function percentile(values: readonly number[] | Float64Array, percent: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? Number.NaN;
}

/** The median; NaN without values. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  if (sorted.length % 2 === 1) return sorted[half]!;
  return (sorted[half - 1]! + sorted[half]!) / 2;
}

/** The median of each key over records; a missing key counts as 0. */
export function medians(records: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const names = [...new Set(records.flatMap((record) => Object.keys(record)))];
  return Object.fromEntries(names.map((name) => [name, median(records.map((record) => record[name] ?? 0))]));
}

/** `items` for each repetition, reversed in every second one, so that drift of the machine affects all items equally. */
export const interleaved = <Item>(items: readonly Item[], repetitions: number): Item[][] =>
  Array.from({ length: repetitions }, (_, repetition) => (repetition % 2 === 0 ? [...items] : items.toReversed()));
