import { documentIds, longId } from '../model/annotations.js';
import type { AnnotationList, Mmif, MmifDocument, View } from '../model/mmif.js';
import { compareTypes } from '../model/type-uri.js';
import { annotationViolations } from './kept-annotations.js';
import { changedMember, sameValue } from './same-value.js';

/*
 * Did an answer keep its input? The rules for documents, views, ids and signatures, each as a function that returns one
 * sentence for each violation; `kept-annotations.ts` has the rules for the annotations of a view. Values are compared
 * one by one. Allowed are only the changes that genuine SDKs were observed to make:
 *
 * - ids and references: short ones become long
 * - JSON: numbers are respelled, members reordered, empty members dropped, `@x` within values becomes `_x`
 * - types: unused types leave `contains`, LAPPS types become CLAMS types
 * - properties: old names become current ones (`frameType`, `boxType`, `word`, `classifications`); properties that all
 *   annotations of a type share move to `contains`
 * - locations: bare paths become `file://` URIs
 * - annotations: their order may change (that of views must not), and an `Annotation` may be added
 * - the version of the format
 */

type Document = Mmif<AnnotationList>;

/** Violations in the source documents and in the metadata of the MMIF document. */
export function documentViolations(input: Document, answer: Document): string[] {
  const kept = new Map(answer.documents.map((document) => [document.properties.id, document]));
  const known = documentIds(input);
  // An SDK may raise the version of the format, which plays no role (MMIF specification, docs/versioning.md).
  const changedMetadata = changedMember(input.metadata, answer.metadata, ['mmif']);
  const sentences = [...kept.keys()].filter((id) => !known.has(id)).map((id) => `The answer added document ${id}.`);
  for (const given of input.documents) {
    const { id } = given.properties;
    const document = kept.get(id);
    const change = document && documentChange(given, document);
    if (!document) sentences.push(`The answer lost document ${id}.`);
    else if (change) sentences.push(`The answer changed ${change} of document ${id}.`);
  }
  if (sentences.length === 0 && !sameOrder(known, kept.keys())) {
    sentences.push('The answer changed the order of the documents.');
  }
  return changedMetadata === null
    ? sentences
    : [...sentences, `The answer changed ${changedMetadata} in the metadata of the document.`];
}

function documentChange(given: MmifDocument, kept: MmifDocument): string | null {
  if (compareTypes(given['@type'], kept['@type']) === 'other') return '@type';
  const change = changedMember(given.properties, kept.properties, ['location']);
  if (change !== null) return change;
  return sameLocation(given.properties['location'], kept.properties['location']) ? null : 'location';
}

/** SDKs turn bare paths into `file://` URIs; since mmif-python 1.1 encoded as by Python's `Path.as_uri`. */
function sameLocation(given: unknown, kept: unknown): boolean {
  if (sameValue(given, kept)) return true;
  if (typeof given !== 'string' || !given.startsWith('/') || typeof kept !== 'string') return false;
  if (kept === `file://${given}`) return true;
  try {
    return decodeURIComponent(kept) === `file://${given}`;
  } catch {
    return false;
  }
}

function sameOrder(left: Iterable<string>, right: Iterable<string>): boolean {
  const others = [...right];
  return [...left].every((id, position) => id === others[position]);
}

/** Violations in the views of the input, which are identified by id; new views may be anywhere between them. */
export function viewViolations(input: Document, answer: Document): string[] {
  const kept = new Map(answer.views.map((view) => [view.id, view]));
  const documents = documentIds(input);
  const sentences = input.views.flatMap((given) => {
    const view = kept.get(given.id);
    return view ? viewChanges(given, view, documents) : [`The answer lost view ${given.id}.`];
  });
  const ids = input.views.map(({ id }) => id).filter((id) => kept.has(id));
  const positions = new Map([...kept.keys()].map((id, position) => [id, position]));
  const moved = ids.find((id, index) => index > 0 && positions.get(id)! < positions.get(ids[index - 1]!)!);
  return moved === undefined ? sentences : [...sentences, `The answer moved view ${moved} before earlier views.`];
}

function viewChanges(
  given: View<AnnotationList>,
  kept: View<AnnotationList>,
  documents: ReadonlySet<string>,
): string[] {
  const { id } = given;
  if (kept.metadata.app !== given.metadata.app) return [`The answer changed the app of view ${id}.`];
  // The SDK records an error in the last view of the same app and empties it (clams-python app/__init__.py:333-358).
  if (kept.metadata.error && !given.metadata.error) return [`The answer overwrote view ${id} with an error.`];
  const change = changedMember(given.metadata, kept.metadata, ['contains']);
  return [
    ...(change === null ? [] : [`The answer changed ${change} in the metadata of view ${id}.`]),
    ...annotationViolations(given, kept, documents),
  ];
}

/** A sentence about ids that the answer uses twice and the input did not. */
export function idViolations(input: Document, answer: Document): string[] {
  const before = repeatedIds(input);
  const [first, ...others] = [...repeatedIds(answer)].filter((id) => !before.has(id));
  if (first === undefined) return [];
  return [`The answer uses the id ${first}${others.length === 0 ? '' : ` and ${others.length} more`} twice.`];
}

function repeatedIds({ views, documents }: Document): Set<string> {
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

type Signed = Pick<View, 'metadata'>;

const signers = (views: readonly Signed[]): string[] => [...new Set(views.map(({ metadata }) => metadata.app))];

/** A sentence for each other app that signed one of the views. */
export const signatureViolations = (views: readonly Signed[], identifier: string): string[] =>
  signers(views)
    .filter((app) => compareApps(app, identifier) === 'other')
    .map((app) => `A new view is signed by another app${app === '' ? ' without a name' : `, ${app}`}.`);

/** A sentence when the app signed with another version than the registered one, else null. Not a violation. */
export function versionDrift(views: readonly Signed[], identifier: string): string | null {
  const signed = signers(views).find((app) => compareApps(app, identifier) === 'other-version');
  return signed === undefined ? null : `The app is registered as ${identifier} but signs its views as ${signed}.`;
}

const trimmed = (identifier: string): string => identifier.replace(/\/+$/, '');

/** An identifier without its last segment, the version; null when it has only one segment. */
function withoutVersion(identifier: string): string | null {
  const match = /^(https?:\/\/[^/]+\/.+)\/[^/]+$/.exec(trimmed(identifier));
  return match ? match[1]! : null;
}

/**
 * How the app that signed a view relates to the app that was called. Apps that cannot determine their version sign as
 * `…/unresolvable`, and old ones without a version, so the last segment may differ.
 */
function compareApps(signed: string, called: string): 'same' | 'other-version' | 'other' {
  const [left, right] = [trimmed(signed), trimmed(called)];
  if (left === right) return 'same';
  const [leftApp, rightApp] = [withoutVersion(left), withoutVersion(right)];
  const differInVersion = (leftApp !== null && leftApp === rightApp) || leftApp === right || rightApp === left;
  return differInVersion ? 'other-version' : 'other';
}
