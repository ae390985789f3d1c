import { isObject, type JsonObject, member } from './json.js';
import type { Annotation, AnnotationList, Mmif, View } from './mmif.js';
import { shortType } from './type-uri.js';

/** Id of an annotation in the whole document: `tf_1` of view `v_0` is `v_0:tf_1`, as MMIF writes it since 1.1. */
export const longId = (view: string, id: string): string => (id.includes(':') ? id : `${view}:${id}`);

/** Ids of the documents in the `documents` list, without the text documents that apps added in views. */
export const documentIds = ({ documents }: Mmif<AnnotationList>): ReadonlySet<string> =>
  new Set(documents.map(({ properties }) => properties.id));

/** Resolves a reference in a view: the id of a source document, or the long id of an annotation. */
export const longReference = (view: string, reference: string, documents: ReadonlySet<string>): string =>
  documents.has(reference) ? reference : longId(view, reference);

const NO_PROPERTIES: JsonObject = {};

/**
 * Returns a function from a type URI to the properties that a view states once for all its annotations of that type,
 * in `contains`. SDKs may write the types of annotations and of `contains` in different vocabularies, so the short name
 * decides where the URI does not match.
 */
export function sharedProperties({ metadata }: Pick<View, 'metadata'>): (type: string) => JsonObject {
  const contains = metadata.contains ?? NO_PROPERTIES;
  const found = new Map<string, JsonObject>();
  return (type) => {
    const known = found.get(type);
    if (known) return known;
    const uri = Object.hasOwn(contains, type)
      ? type
      : Object.keys(contains).find((other) => shortType(other) === shortType(type));
    const shared = uri === undefined ? NO_PROPERTIES : contains[uri];
    const properties = isObject(shared) ? shared : NO_PROPERTIES;
    found.set(type, properties);
    return properties;
  };
}

/** The text of a TextDocument; null when it is stored elsewhere. MMIF 0.4 wrote it as `text_value`. */
export function textOf({ properties }: Annotation): string | null {
  const text = member(properties, 'text');
  const value = isObject(text) ? text['@value'] : member(properties, 'text_value');
  return typeof value === 'string' ? value : null;
}
