import type { Annotation } from './model.js';
import { shortType } from './short-type.js';

/** Number of annotations by short type. */
export type TypeCounts = Readonly<Record<string, number>>;

/** Counts annotations by short type. */
export function countTypes(annotations: Iterable<Annotation>): TypeCounts {
  const counts = new Map<string, number>();
  for (const { '@type': uri } of annotations) {
    const type = shortType(uri);
    counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  return Object.fromEntries(counts);
}
