import { MmifError } from '../model/json.js';
import { memberRanges, skipSpace, stringEnd } from './json-scanner.js';

/**
 * Adds views at the end of a document's list of views and changes no other byte: parsing and serialising the document
 * would round integers beyond 2^53 and respell numbers. `document` must be valid JSON. Throws MmifError when it has no
 * list of views.
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

const INDENT = '  ';

/** Formats valid JSON with line breaks and two spaces per level; numbers and strings keep their spelling. */
export function indentJson(text: string): string {
  const parts: string[] = [];
  let depth = 0;
  const newLine = () => parts.push('\n', INDENT.repeat(depth));
  for (let position = skipSpace(text, 0); position < text.length; position = skipSpace(text, position)) {
    const character = text[position]!;
    const end = character === '"' ? stringEnd(text, position) : position + 1;
    const isClosing = character === '}' || character === ']';
    if (isClosing) depth -= 1;
    if (isClosing && !isOpening(parts.at(-1))) newLine();
    else if (!isClosing && isOpening(parts.at(-1))) newLine();
    parts.push(text.slice(position, end));
    if (isOpening(character)) depth += 1;
    if (character === ',') newLine();
    if (character === ':') parts.push(' ');
    position = end;
  }
  return parts.join('');
}

const isOpening = (part: string | undefined): boolean => part === '{' || part === '[';
