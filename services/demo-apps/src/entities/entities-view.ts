import { setImmediate } from 'node:timers/promises';
import type { Annotation } from '#libs/mmif';
import { AnnotationList } from '../annotations.js';
import type { TextDocument } from '../input/find-texts.js';
import { toCodePoints } from './code-points.js';
import { findEntities, type Mention } from './find-entities.js';

/** Creates the annotations of sentences and names, text by text; calls `onText` after each text. */
export async function entitiesView(
  texts: readonly TextDocument[],
  onText: (done: number) => void,
): Promise<Annotation[]> {
  const list = new AnnotationList();
  for (const [index, { id: document, text: whole }] of texts.entries()) {
    const position = toCodePoints(whole);
    const place = ({ start, end, text }: Mention) => ({ document, start: position(start), end: position(end), text });
    const { sentences, entities } = findEntities(whole);
    for (const sentence of sentences) list.add('Sentence', place(sentence));
    for (const entity of entities) list.add('NamedEntity', { ...place(entity), category: entity.category });
    onText(index + 1);
    // Lets the event loop answer progress and other requests between two texts.
    await setImmediate();
  }
  return list.annotations;
}
