import { MmifError } from '../model/json.js';

const SPACE = /[ \t\n\r]/;

/** The position of a value in a JSON text: `start` is its first character, `end` the character after its last. */
export interface JsonRange {
  readonly start: number;
  readonly end: number;
}

/** Position after the closing quote of the string that begins at `start`. */
export function stringEnd(text: string, start: number): number {
  for (let position = start + 1; position < text.length; position += 1) {
    if (text[position] === '\\') position += 1;
    else if (text[position] === '"') return position + 1;
  }
  throw new MmifError('The document ends inside a string.');
}

/** Position of the first character at or after `start` that is not JSON white space. */
export function skipSpace(text: string, start: number): number {
  let position = start;
  while (position < text.length && SPACE.test(text[position]!)) position += 1;
  return position;
}

/** Position after the bracket that closes the list or object beginning at `start`. */
function bracketEnd(text: string, start: number): number {
  let depth = 0;
  for (let position = start; position < text.length; position += 1) {
    const character = text[position]!;
    if (character === '"') position = stringEnd(text, position) - 1;
    else if (character === '[' || character === '{') depth += 1;
    else if (character === ']' || character === '}') {
      depth -= 1;
      if (depth === 0) return position + 1;
    }
  }
  throw new MmifError('The document ends inside a list or an object.');
}

function valueEnd(text: string, start: number): number {
  const first = text[start];
  if (first === '"') return stringEnd(text, start);
  if (first === '{' || first === '[') return bracketEnd(text, start);
  let position = start;
  while (position < text.length && !/[\s,\]}]/.test(text[position]!)) position += 1;
  if (position === start) throw new MmifError(`A value is missing at character ${start}.`);
  return position;
}

/**
 * The positions of an object's own members by name, for a text that begins with an object; nested members are skipped.
 * Scans the text without parsing it and therefore relies on valid JSON. Throws MmifError where it cannot continue, and
 * for a duplicate name, because parsers differ in which of the two values they use.
 */
export function memberRanges(text: string): Map<string, JsonRange> {
  const members = new Map<string, JsonRange>();
  let position = skipSpace(text, 0);
  if (text[position] !== '{') throw new MmifError('The document is not a JSON object.');
  position = skipSpace(text, position + 1);
  while (text[position] === '"') {
    const nameEnd = stringEnd(text, position);
    const name = JSON.parse(text.slice(position, nameEnd)) as string;
    const colon = skipSpace(text, nameEnd);
    if (text[colon] !== ':') throw new MmifError(`The member "${name}" has no value.`);
    const start = skipSpace(text, colon + 1);
    const end = valueEnd(text, start);
    if (members.has(name)) throw new MmifError(`The document has two members "${name}".`);
    members.set(name, { start, end });
    const next = skipSpace(text, end);
    if (text[next] !== ',') return members;
    position = skipSpace(text, next + 1);
  }
  return members;
}
