import { changedProperty, type ReferenceContext, renamingsOf, sameProperty } from './changed-property.js';
import { compareTypes } from '../model/type-uri.js';
import { longId } from '../model/annotations.js';
import type { Annotation, AnnotationList, View as AnyView } from '../model/mmif.js';
import type { JsonObject } from '../model/json.js';
import { spelledMember } from './same-value.js';
import { sharedProperties } from '../model/annotations.js';
import { shortType } from '../model/type-uri.js';

type View = AnyView<AnnotationList>;

/** Collects annotations with one kind of violation for a sentence that names the first and counts the others. */
class Tally {
  #first: string | undefined;
  #others = 0;

  add(name: string): void {
    if (this.#first === undefined) this.#first = name;
    else this.#others += 1;
  }

  sentence(verb: string, where: string): string[] {
    if (this.#first === undefined) return [];
    return [`The answer ${verb} ${this.#first}${this.#others === 0 ? '' : ` and ${this.#others} more`} ${where}.`];
  }
}

/**
 * Violations in the annotations of an earlier view: at most one sentence each for lost, changed and added annotations.
 * Allowed are another order, the changes that `changedProperty` accepts, and new annotations of type `Annotation`, in
 * which SDKs record what an app learnt about a document (mmif-python, `generate_capital_annotations`).
 */
export function annotationViolations(given: View, kept: View, documents: ReadonlySet<string>): string[] {
  const { before, partners, fresh, types } = pairs(given, kept);
  const compare = comparison(given, kept, { view: given.id, documents });
  const [lost, changed, added] = [new Tally(), new Tally(), new Tally()];
  for (const [id, position] of before) {
    const partner = partners[position]!;
    const change = partner === NONE ? null : compare(given.annotations.at(position)!, kept.annotations.at(partner)!);
    if (partner === NONE) lost.add(`annotation ${id}`);
    else if (change) changed.add(`${change} of annotation ${id}`);
  }
  for (const [id, type] of fresh) if (shortType(type) !== 'Annotation') added.add(`annotation ${id}`);
  return [
    ...lost.sentence('lost', `of the earlier view ${given.id}`),
    ...changed.sentence('changed', `of the earlier view ${given.id}`),
    ...added.sentence('added', `to the earlier view ${given.id}`),
    ...unusedTypeViolations(given, kept, { context: { view: given.id, documents }, used: types }),
  ];
}

const NONE = -1;

/**
 * Pairs the annotations of two versions of a view by long id; of annotations with the same id the last counts, as in
 * SDKs. Keeps positions instead of annotations, so that lists can parse annotations when they are compared.
 */
function pairs(given: View, kept: View) {
  const before = new Map<string, number>();
  const types = new Set<string>();
  let position = 0;
  for (const { '@type': type, properties } of given.annotations) {
    types.add(type);
    before.set(longId(given.id, properties.id), position);
    position += 1;
  }
  /** Position in `kept` by position in `given`. */
  const partners = new Int32Array(given.annotations.length).fill(NONE);
  /** Types of the annotations that are only in `kept`, by id. */
  const fresh = new Map<string, string>();
  position = 0;
  for (const { '@type': type, properties } of kept.annotations) {
    types.add(type);
    const id = longId(kept.id, properties.id);
    const known = before.get(id);
    if (known === undefined) fresh.set(id, type);
    else partners[known] = position;
    position += 1;
  }
  return { before, partners, fresh, types };
}

/** Compares annotations of two versions of a view; returns the name of a property that differs, or null. */
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

/** SDKs may drop a type without annotations from `contains`; if it is still there, it must be unchanged. */
function unusedTypeViolations(
  given: View,
  kept: View,
  { context, used }: { readonly context: ReferenceContext; readonly used: ReadonlySet<string> },
): string[] {
  const [before, after] = [sharedProperties(given), sharedProperties(kept)];
  const [typesBefore, typesAfter] = [given.metadata.contains ?? {}, kept.metadata.contains ?? {}];
  const changed = Object.keys(typesBefore).find(
    (type) =>
      Object.hasOwn(typesAfter, type) && !used.has(type) && differences(before(type), after(type), context).length > 0,
  );
  return changed === undefined
    ? []
    : [`The answer changed the properties of ${shortType(changed)} in the earlier view ${given.id}.`];
}
