import type { Annotation } from './model.js';
import { shortType } from './short-type.js';

/** Number of annotations by short type. */
export type TypeCounts = Readonly<Record<string, number>>;

/** Counts annotations by short type, in the order in which the types appear. */
export function countTypes(annotations: Iterable<Annotation>): TypeCounts {
  const byUri = new Map<string, number>();
  for (const { '@type': uri } of annotations) byUri.set(uri, (byUri.get(uri) ?? 0) + 1);
  const counts = new Map<string, number>();
  for (const [uri, count] of byUri) counts.set(shortType(uri), (counts.get(shortType(uri)) ?? 0) + count);
  return Object.fromEntries(counts);
}
