import type { AnnotationList, Mmif, MmifDocument } from './model.js';
import { compareTypes } from './compare-types.js';
import { changedMember, sameValue } from './same-value.js';

/** What an answer did to the documents that were given and to the metadata beside them, one sentence each. */
export function keptDocuments(input: Mmif<AnnotationList>, answer: Mmif<AnnotationList>): string[] {
  const kept = new Map(answer.documents.map((document) => [document.properties.id, document]));
  const known = new Set(input.documents.map(({ properties }) => properties.id));
  // The version of the format plays no role, says the specification (docs/versioning.md), so an SDK may raise it.
  const note = changedMember(input.metadata, answer.metadata, ['mmif']);
  const sentences = [...kept.keys()].filter((id) => !known.has(id)).map((id) => `The answer added document ${id}.`);
  for (const given of input.documents) {
    const { id } = given.properties;
    const document = kept.get(id);
    const change = document && changeOf(given, document);
    if (!document) sentences.push(`The answer lost document ${id}.`);
    else if (change) sentences.push(`The answer changed ${change} of document ${id}.`);
  }
  if (sentences.length === 0 && !sameOrder(known, kept.keys())) {
    sentences.push('The answer put the documents in another order.');
  }
  return note === null ? sentences : [...sentences, `The answer changed ${note} in the metadata of the document.`];
}

function changeOf(given: MmifDocument, kept: MmifDocument): string | null {
  if (compareTypes(given['@type'], kept['@type']) === 'other') return '@type';
  const change = changedMember(given.properties, kept.properties, ['location']);
  if (change !== null) return change;
  return sameLocation(given.properties['location'], kept.properties['location']) ? null : 'location';
}

/** SDKs make `file://` addresses of bare paths; since mmif-python 1.1 they encode them as Python's `Path.as_uri` does. */
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
