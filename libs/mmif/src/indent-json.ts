import { skipSpace, stringEnd } from './json-scanner.js';

const INDENT = '  ';

/** Writes valid JSON with line breaks and two blanks per level; numbers and strings keep their spelling. */
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
