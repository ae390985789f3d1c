import type { Annotate } from '#libs/clams';
import { findTexts } from '../input/find-texts.js';

const NO_TEXTS =
  'The input contains no TextDocument with text. Run an app that finds text, such as "text", before this one.';

/** Finds sentences, people, places and organisations in the texts of the input. */
export const findNames: Annotate<object> = async ({ mmif, signal, progress, warn }) => {
  const texts = findTexts(mmif);
  if (texts.length === 0) warn(NO_TEXTS);
  // The word lists of compromise need 40 MB of memory, so they are loaded at the first request.
  const { entitiesView } = await import('./entities-view.js');
  return entitiesView(texts, (done) => {
    signal.throwIfAborted();
    progress((done * 100) / texts.length);
  });
};
