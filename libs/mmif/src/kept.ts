import { countTypes, type TypeCounts } from './count-types.js';
import type { Mmif, MmifDocument, View } from './model.js';
import { shortType } from './short-type.js';

/** Which documents of the input an answer lost or changed, one sentence each. */
export function keptDocuments(input: Mmif, answer: Mmif): string[] {
  const kept = new Map(answer.documents.map((document) => [document.properties.id, document]));
  return input.documents.flatMap((given) => {
    const { id } = given.properties;
    const document = kept.get(id);
    if (!document) return [`The answer lost document ${id}.`];
    return substance(document) === substance(given) ? [] : [`The answer changed document ${id}.`];
  });
}

/** What may not change about a document: SDKs add the scheme to bare paths and put the properties in another order. */
function substance({ '@type': type, properties: { location, text } }: MmifDocument): string {
  const place = typeof location === 'string' && location.startsWith('/') ? `file://${location}` : location;
  const words = typeof text === 'object' && text !== null ? (text as Record<string, unknown>)['@value'] : text;
  return JSON.stringify([shortType(type), place ?? '', words ?? '']);
}

/**
 * Which views of the input an answer lost or changed, one sentence each. SDKs rewrite ids, numbers and `contains`
 * of earlier views and add annotations of type `Annotation` to them, so a view is compared by its app and by how
 * many other annotations it has of each type.
 */
export function keptViews(input: Mmif, answer: Mmif): string[] {
  const kept = new Map(answer.views.map((view) => [view.id, view]));
  return input.views.flatMap((given) => {
    const view = kept.get(given.id);
    if (!view) return [`The answer lost view ${given.id}.`];
    if (view.metadata.app !== given.metadata.app) return [`The answer changed the app of view ${given.id}.`];
    return sameCounts(found(given), found(view)) ? [] : [`The answer changed the annotations of view ${given.id}.`];
  });
}

const found = ({ annotations }: View): TypeCounts =>
  countTypes(annotations.filter(({ '@type': type }) => shortType(type) !== 'Annotation'));

const sameCounts = (left: TypeCounts, right: TypeCounts): boolean =>
  Object.keys(left).length === Object.keys(right).length &&
  Object.entries(left).every(([type, count]) => right[type] === count);
