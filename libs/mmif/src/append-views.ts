import { memberRanges, skipSpace } from './json-scanner.js';
import { MmifError } from './mmif-error.js';

/**
 * Adds views behind the views of a document and leaves every other byte as it is: numbers beyond 2^53 and their
 * spelling survive, which parsing and writing again would change. `document` is valid JSON; throws MmifError, and
 * damages nothing, when it has no list of views of its own.
 */
export function appendViews(document: string, views: readonly object[]): string {
  const list = memberRanges(document).get('views');
  if (!list || document[list.start] !== '[') throw new MmifError('The document has no list of views.');
  const close = list.end - 1;
  const isEmpty = skipSpace(document, list.start + 1) === close;
  const added = views.map((view) => JSON.stringify(view)).join(',');
  const separator = isEmpty || views.length === 0 ? '' : ',';
  return `${document.slice(0, close)}${separator}${added}${document.slice(close)}`;
}
