import { keptAnnotations } from './kept-annotations.js';
import { documentIds } from './ids.js';
import type { AnnotationList, Mmif, View } from './model.js';
import { changedMember } from './same-value.js';

/**
 * What an answer did to the views that were given, one sentence each; views are told by their ids, wherever new
 * ones stand between them.
 */
export function keptViews(input: Mmif<AnnotationList>, answer: Mmif<AnnotationList>): string[] {
  const kept = new Map(answer.views.map((view) => [view.id, view]));
  const documents = documentIds(input);
  const sentences = input.views.flatMap((given) => {
    const view = kept.get(given.id);
    return view ? changes(given, view, documents) : [`The answer lost view ${given.id}.`];
  });
  const ids = input.views.map(({ id }) => id).filter((id) => kept.has(id));
  const positions = new Map([...kept.keys()].map((id, position) => [id, position]));
  const moved = ids.find((id, index) => index > 0 && positions.get(id)! < positions.get(ids[index - 1]!)!);
  return moved === undefined ? sentences : [...sentences, `The answer put view ${moved} before views that came first.`];
}

function changes(given: View<AnnotationList>, kept: View<AnnotationList>, documents: ReadonlySet<string>): string[] {
  const { id } = given;
  if (kept.metadata.app !== given.metadata.app) return [`The answer changed the app of view ${id}.`];
  // The SDK records an error in the last view of the same app and empties it (clams-python app/__init__.py:333-358).
  if (kept.metadata.error && !given.metadata.error) return [`The answer overwrote view ${id} with an error.`];
  const change = changedMember(given.metadata, kept.metadata, ['contains']);
  return [
    ...(change === null ? [] : [`The answer changed ${change} in the metadata of view ${id}.`]),
    ...keptAnnotations(given, kept, documents),
  ];
}
