import type { Annotation } from '#libs/mmif';

/**
 * Properties that move from the annotations to `contains`. SDK 1.8 moves every property that all annotations of a type
 * share; these two every generation of apps looks for there (mmif/serialize/mmif.py, factor_out_shared_properties).
 */
const MOVABLE = new Set(['document', 'timeUnit']);

type Shared = Readonly<Record<string, unknown>>;

/** What all of several annotations of one type state alike. */
function sharedBy([first, ...others]: readonly Annotation[]): Shared {
  if (!first || others.length === 0) return {};
  const shared = Object.entries(first.properties).filter(
    ([name, value]) => MOVABLE.has(name) && others.every(({ properties }) => properties[name] === value),
  );
  return Object.fromEntries(shared);
}

function without({ '@type': type, properties }: Annotation, shared: Shared): Annotation {
  const { id, ...rest } = properties;
  const own = Object.entries(rest).filter(([name]) => !(name in shared));
  return { '@type': type, properties: { ...Object.fromEntries(own), id } };
}

/** States once, in `contains`, what all annotations of a type share; a view of nothing contains nothing. */
export function shareProperties(annotations: readonly Annotation[]): {
  readonly contains: Readonly<Record<string, Shared>>;
  readonly annotations: readonly Annotation[];
} {
  const byType = new Map<string, Annotation[]>();
  for (const annotation of annotations) {
    const ofType = byType.get(annotation['@type']);
    if (ofType) ofType.push(annotation);
    else byType.set(annotation['@type'], [annotation]);
  }
  const contains = Object.fromEntries([...byType].map(([type, ofType]) => [type, sharedBy(ofType)]));
  return {
    contains,
    annotations: annotations.map((annotation) => without(annotation, contains[annotation['@type']]!)),
  };
}
