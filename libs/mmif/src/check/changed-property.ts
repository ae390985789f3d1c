import { longReference } from '../model/annotations.js';
import type { JsonObject } from '../model/json.js';
import { isEmpty, sameValue, spelledMember } from './same-value.js';

/** Properties of an annotation: its own, and those that its view states for its type; its own take precedence. */
export interface StatedProperties {
  readonly own: JsonObject;
  readonly shared: JsonObject;
}

/** Context for resolving references: the view of the annotations, and the ids of the source documents. */
export interface ReferenceContext {
  readonly view: string;
  readonly documents: ReadonlySet<string>;
}

/** Properties in which mmif-python 1.1 and later write long ids (serialize/view.py, `_fix_old_short_ids`). */
const REFERENCES = new Set(['document', 'source', 'target', 'targets', 'representatives']);

type Renaming = readonly [old: string, current: string];
const CLASSIFICATION: Renaming = ['classifications', 'classification'];
const WORD: Renaming = ['word', 'text'];
/** Properties that mmif-python since 1.5 renames, by short type (clams-vocabulary 1.2, `_property_aliases`). */
const RENAMINGS: Readonly<Record<string, readonly Renaming[]>> = {
  TimeFrame: [['frameType', 'label'], CLASSIFICATION],
  Chapter: [['frameType', 'label'], CLASSIFICATION],
  BoundingBox: [['boxType', 'label'], CLASSIFICATION],
  ...Object.fromEntries(
    ['Span', 'Token', 'Sentence', 'Paragraph', 'NamedEntity', 'NounChunk', 'VerbChunk'].map((type) => [
      type,
      [WORD, CLASSIFICATION],
    ]),
  ),
};

/** The renamings for a short type. */
export const renamingsOf = (type: string): readonly Renaming[] =>
  Object.hasOwn(RENAMINGS, type) ? RENAMINGS[type]! : [CLASSIFICATION];

function stated({ own, shared }: StatedProperties, name: string): unknown {
  const value = spelledMember(own, name);
  return isEmpty(value) ? spelledMember(shared, name) : value;
}

/** Whether two values of a property are equivalent; a reference may be short on one side and long on the other. */
export function sameProperty(name: string, left: unknown, right: unknown, context: ReferenceContext): boolean {
  if (sameValue(left, right)) return true;
  if (!REFERENCES.has(name)) return false;
  const long = (id: unknown) => (typeof id === 'string' ? longReference(context.view, id, context.documents) : id);
  const full = (value: unknown) => (Array.isArray(value) ? value.map(long) : long(value));
  return sameValue(full(left), full(right));
}

/** Whether a property differs only because an SDK wrote it under its current name. */
function isRenamed(
  name: string,
  given: StatedProperties,
  kept: StatedProperties,
  { renamings, context }: { readonly renamings: readonly Renaming[]; readonly context: ReferenceContext },
): boolean {
  return renamings.some(([old, current]) => {
    if ((name !== old && name !== current) || !isEmpty(stated(kept, old))) return false;
    const before = stated(given, current);
    return sameProperty(current, isEmpty(before) ? stated(given, old) : before, stated(kept, current), context);
  });
}

/**
 * Name of a property that an answer changed beyond what genuine SDKs rewrite, or null. `moved` lists the shared
 * properties that differ between the two views: mmif-python since 1.5 moves the properties that all annotations of a
 * type have in common there.
 */
export function changedProperty(
  given: StatedProperties,
  kept: StatedProperties,
  rules: {
    readonly renamings: readonly Renaming[];
    readonly context: ReferenceContext;
    readonly moved: readonly string[];
  },
): string | null {
  const differs = (name: string) =>
    name !== 'id' &&
    !sameProperty(name, stated(given, name), stated(kept, name), rules.context) &&
    !isRenamed(name, given, kept, rules);
  return (
    Object.keys(given.own).find(differs) ??
    Object.keys(kept.own).find((name) => !Object.hasOwn(given.own, name) && differs(name)) ??
    rules.moved.find(differs) ??
    null
  );
}
