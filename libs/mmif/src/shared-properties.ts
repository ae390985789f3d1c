import type { View } from './model.js';
import { isObject, type JsonObject } from './parse-json.js';
import { shortType } from './short-type.js';

const NOTHING: JsonObject = {};

/**
 * The properties that a view states once for all its annotations of a type, in `contains`, by type URI. SDKs write
 * types of annotations and of `contains` in different vocabularies, so the short name decides when the URI does not.
 */
export function sharedProperties({ metadata }: Pick<View, 'metadata'>): (type: string) => JsonObject {
  const contains = metadata.contains ?? NOTHING;
  const found = new Map<string, JsonObject>();
  return (type) => {
    const known = found.get(type);
    if (known) return known;
    const uri = Object.hasOwn(contains, type)
      ? type
      : Object.keys(contains).find((other) => shortType(other) === shortType(type));
    const shared = uri === undefined ? NOTHING : contains[uri];
    const properties = isObject(shared) ? shared : NOTHING;
    found.set(type, properties);
    return properties;
  };
}
