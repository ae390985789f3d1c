import type { Annotation, Mmif } from '#libs/mmif';

/** Properties with one or several ids of other annotations (mmif/serialize/view.py; VideoObject has `polygons`). */
const REFERENCES = ['document', 'source', 'target', 'targets', 'representatives', 'timePoint', 'polygons'];

function requireValidIds(annotations: readonly Annotation[]): void {
  const seen = new Set<string>();
  for (const { properties } of annotations) {
    const { id } = properties;
    if (typeof id !== 'string' || id === '' || id.includes(':')) {
      throw new TypeError(
        `${JSON.stringify(id)} is not a valid annotation id. Use a string without a colon, such as tf_1.`,
      );
    }
    if (seen.has(id)) throw new TypeError(`Two annotations have the id ${id}. Ids must be unique within a view.`);
    seen.add(id);
  }
}

/**
 * Annotations with ids and references as SDK 1.1 and later write them, `v_0:tf_1` instead of `tf_1`. References to
 * documents of the input and to annotations of other views are unchanged. Throws TypeError for invalid ids.
 */
export function longIds(view: string, annotations: readonly Annotation[], { documents }: Mmif): Annotation[] {
  requireValidIds(annotations);
  const own = new Set(annotations.map(({ properties }) => properties.id));
  for (const { properties } of documents) own.delete(properties.id);
  const long = (value: unknown): unknown => (typeof value === 'string' && own.has(value) ? `${view}:${value}` : value);
  return annotations.map((annotation) => {
    const { properties } = annotation;
    const references = REFERENCES.filter((name) => properties[name] !== undefined).map((name) => {
      const value = properties[name];
      return [name, Array.isArray(value) ? value.map(long) : long(value)];
    });
    return {
      ...annotation,
      properties: { ...properties, ...Object.fromEntries(references), id: `${view}:${properties.id}` },
    };
  });
}
