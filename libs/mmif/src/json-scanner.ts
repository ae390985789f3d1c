import { MmifError } from './mmif-error.js';

const SPACE = /[ \t\n\r]/;

/** Where a value stands in a JSON text: from its first character to behind its last. */
export interface JsonRange {
  readonly start: number;
  readonly end: number;
}

/** Position behind the closing quote of the string that begins at `start`. */
export function stringEnd(text: string, start: number): number {
  for (let position = start + 1; position < text.length; position += 1) {
    if (text[position] === '\\') position += 1;
    else if (text[position] === '"') return position + 1;
  }
  throw new MmifError('The document ends inside a text.');
}

/** Position of the first character from `start` on that is no JSON white space. */
export function skipSpace(text: string, start: number): number {
  let position = start;
  while (position < text.length && SPACE.test(text[position]!)) position += 1;
  return position;
}

/** Position behind the bracket that closes the list or object which begins at `start`. */
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
 * Where the values of an object's own members stand, by name, for a text whose first value is an object; members of
 * members are passed over. Reads the text without parsing it, so it relies on valid JSON; throws MmifError where it
 * cannot go on, and for a name that is there twice, because parsers differ in which of the two they take.
 */
export function memberRanges(text: string): Map<string, JsonRange> {
  const members = new Map<string, JsonRange>();
  let position = skipSpace(text, 0);
  if (text[position] !== '{') throw new MmifError('The document is no JSON object.');
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
