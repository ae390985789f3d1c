import type { Annotation } from '#libs/mmif';

/**
 * Properties that are written to `contains` when all annotations of a type share them. SDK 1.8 moves every such property
 * (mmif/serialize/mmif.py, factor_out_shared_properties), but only these two are read there by all generations of apps.
 */
const SHAREABLE = new Set(['document', 'timeUnit']);

type Shared = Readonly<Record<string, unknown>>;

/** The shareable properties that all of several annotations of one type have in common. */
function sharedBy([first, ...others]: readonly Annotation[]): Shared {
  if (!first || others.length === 0) return {};
  const shared = Object.entries(first.properties).filter(
    ([name, value]) => SHAREABLE.has(name) && others.every(({ properties }) => properties[name] === value),
  );
  return Object.fromEntries(shared);
}

function without({ '@type': type, properties }: Annotation, shared: Shared): Annotation {
  const { id, ...rest } = properties;
  const own = Object.entries(rest).filter(([name]) => !(name in shared));
  return { '@type': type, properties: { ...Object.fromEntries(own), id } };
}

/** Moves the properties that all annotations of a type share to `contains`, which is empty without annotations. */
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
