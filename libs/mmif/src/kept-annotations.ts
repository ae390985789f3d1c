import { changedProperty, type ReferenceContext, renamingsOf, sameProperty } from './changed-property.js';
import { compareTypes } from './compare-types.js';
import { longId } from './ids.js';
import type { Annotation, View } from './model.js';
import type { JsonObject } from './parse-json.js';
import { spelledMember } from './same-value.js';
import { sharedProperties } from './shared-properties.js';
import { shortType } from './short-type.js';

/** Annotations by long id. Of annotations with one id SDKs keep the last, and so does this. */
const byLongId = ({ id, annotations }: View): Map<string, Annotation> =>
  new Map(annotations.map((annotation) => [longId(id, annotation.properties.id), annotation]));

/**
 * What an answer did to the annotations of an earlier view, at most one sentence for those lost, changed and added.
 * Not counted: another order, what `changedProperty` lets pass, and new annotations of type `Annotation`, in which
 * SDKs write down what an app learnt about a document (mmif-python, `generate_capital_annotations`).
 */
export function keptAnnotations(given: View, kept: View, documents: ReadonlySet<string>): string[] {
  const before = byLongId(given);
  const after = byLongId(kept);
  const compare = comparison(given, kept, { view: given.id, documents });
  const lost: string[] = [];
  const changed: string[] = [];
  for (const [id, annotation] of before) {
    const other = after.get(id);
    const change = other && compare(annotation, other);
    if (!other) lost.push(`annotation ${id}`);
    else if (change) changed.push(`${change} of annotation ${id}`);
  }
  const added = [...after]
    .filter(([id, { '@type': type }]) => !before.has(id) && shortType(type) !== 'Annotation')
    .map(([id]) => `annotation ${id}`);
  return [
    ...sentence('lost', lost, `of the earlier view ${given.id}`),
    ...sentence('changed', changed, `of the earlier view ${given.id}`),
    ...sentence('added', added, `to the earlier view ${given.id}`),
    ...emptyTypes(given, kept, { view: given.id, documents }),
  ];
}

/** A sentence for the first of the annotations and the number of the others. */
function sentence(verb: string, [first, ...others]: readonly string[], where: string): string[] {
  if (first === undefined) return [];
  return [`The answer ${verb} ${first}${others.length === 0 ? '' : ` and ${others.length} more`} ${where}.`];
}

/** Compares annotations of two states of a view; gives the name of what differs, or null. */
function comparison(given: View, kept: View, context: ReferenceContext) {
  const [sharedBefore, sharedAfter] = [sharedProperties(given), sharedProperties(kept)];
  const rules = new Map<string, { isOther: boolean } & Parameters<typeof changedProperty>[2]>();
  const rulesFor = (before: string, after: string) => {
    const key = `${before} ${after}`;
    const known = rules.get(key);
    if (known) return known;
    const made = {
      isOther: compareTypes(before, after) === 'other',
      renamings: renamingsOf(shortType(before)),
      context,
      moved: differences(sharedBefore(before), sharedAfter(after), context),
    };
    rules.set(key, made);
    return made;
  };
  return (before: Annotation, after: Annotation): string | null => {
    const found = rulesFor(before['@type'], after['@type']);
    if (found.isOther) return '@type';
    return changedProperty(
      { own: before.properties, shared: sharedBefore(before['@type']) },
      { own: after.properties, shared: sharedAfter(after['@type']) },
      found,
    );
  };
}

function differences(left: JsonObject, right: JsonObject, context: ReferenceContext): string[] {
  const names = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...names].filter(
    (name) => !sameProperty(name, spelledMember(left, name), spelledMember(right, name), context),
  );
}

/** Types without annotations may vanish from `contains`; while they stand there, they say what they said. */
function emptyTypes(given: View, kept: View, context: ReferenceContext): string[] {
  const used = new Set([...given.annotations, ...kept.annotations].map((annotation) => annotation['@type']));
  const [before, after] = [sharedProperties(given), sharedProperties(kept)];
  const [typesBefore, typesAfter] = [given.metadata.contains ?? {}, kept.metadata.contains ?? {}];
  const changed = Object.keys(typesBefore).find(
    (type) =>
      Object.hasOwn(typesAfter, type) && !used.has(type) && differences(before(type), after(type), context).length > 0,
  );
  return changed === undefined
    ? []
    : [`The answer changed what the earlier view ${given.id} says about ${shortType(changed)}.`];
}
