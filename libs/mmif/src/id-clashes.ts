import { longId } from './ids.js';
import type { AnnotationList, Mmif } from './model.js';

/** A sentence for ids that stand for two things in the answer but did not in the input. */
export function idClashes(input: Mmif<AnnotationList>, answer: Mmif<AnnotationList>): string[] {
  const before = repeatedIds(input);
  const [first, ...others] = [...repeatedIds(answer)].filter((id) => !before.has(id));
  if (first === undefined) return [];
  return [`The answer uses the id ${first}${others.length === 0 ? '' : ` and ${others.length} more`} twice.`];
}

function repeatedIds({ views, documents }: Mmif<AnnotationList>): Set<string> {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  const see = (id: string) => {
    if (seen.has(id)) repeated.add(id);
    seen.add(id);
  };
  for (const { properties } of documents) see(properties.id);
  for (const { id, annotations } of views) {
    see(id);
    for (const { properties } of annotations) see(longId(id, properties.id));
  }
  return repeated;
}
