import { isObject, type JsonObject } from '../model/json.js';

/** Python's json module reads no deeper; the limit protects the stack. */
const MAX_DEPTH = 1000;

/**
 * Whether SDKs omit a value when they write a document: null everywhere, other empty values in many places
 * (mmif-python serialize/model.py, `is_empty`).
 */
export const isEmpty = (value: unknown, depth = 0): boolean =>
  value === undefined ||
  value === null ||
  value === '' ||
  (Array.isArray(value) && value.length === 0) ||
  (isObject(value) && depth < MAX_DEPTH && Object.values(value).every((item) => isEmpty(item, depth + 1)));

/** `_x` for `@x` and `@x` for `_x`; null for other names. SDKs exchange the two within values (`_load_json`). */
function alternateName(name: string): string | null {
  if (name.startsWith('@')) return `_${name.slice(1)}`;
  return name.startsWith('_') ? `@${name.slice(1)}` : null;
}

/** A member by its name or, if missing, by the alternate spelling of the name. */
export function spelledMember(object: JsonObject, name: string): unknown {
  if (Object.hasOwn(object, name)) return object[name];
  const other = alternateName(name);
  return other !== null && Object.hasOwn(object, other) ? object[other] : undefined;
}

/**
 * Whether two JSON values are equivalent, apart from the spelling of numbers, the order of members, empty members and
 * `_x` for `@x`. Values that are nested too deep never are.
 */
export function sameValue(left: unknown, right: unknown, depth = 0): boolean {
  if (left === right) return true;
  if (depth > MAX_DEPTH) return false;
  if (Array.isArray(left)) {
    if (!Array.isArray(right) || left.length !== right.length) return isEmpty(left) && isEmpty(right);
    return left.every((item, position) => sameValue(item, right[position], depth + 1));
  }
  if (isObject(left) && isObject(right)) return changedMember(left, right, [], depth + 1) === null;
  return isEmpty(left) && isEmpty(right);
}

/** Name of the first member in which two objects differ, or null. */
export function changedMember(
  left: JsonObject,
  right: JsonObject,
  except: readonly string[] = [],
  depth = 0,
): string | null {
  const differs = (name: string) => !sameValue(spelledMember(left, name), spelledMember(right, name), depth);
  const names = [...Object.keys(left), ...Object.keys(right)];
  return names.find((name) => !except.includes(name) && differs(name)) ?? null;
}
