import { MmifError } from '../model/json.js';

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST] = [0x7b, 0x7d, 0x5b, 0x5d];
const [SPACE, TAB, LINE_FEED, CARRIAGE_RETURN] = [0x20, 0x09, 0x0a, 0x0d];
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Takes the position of a value and returns the position after it: `valueBytesEnd` to skip the value, or a walk through
 * it.
 */
export type Visit = (start: number) => number;

export const isObjectAt = (bytes: Uint8Array, start: number): boolean => bytes[start] === OPEN_OBJECT;
export const isListAt = (bytes: Uint8Array, start: number): boolean => bytes[start] === OPEN_LIST;

/** Position of the first byte at or after `start` that is not JSON white space. */
export function skipSpaceBytes(bytes: Uint8Array, start: number): number {
  let position = start;
  for (; ; position += 1) {
    const byte = bytes[position];
    if (byte !== SPACE && byte !== LINE_FEED && byte !== CARRIAGE_RETURN && byte !== TAB) return position;
  }
}

function stringBytesEnd(bytes: Uint8Array, start: number): number {
  for (let position = start + 1; position < bytes.length; position += 1) {
    const byte = bytes[position];
    if (byte === BACKSLASH) position += 1;
    else if (byte === QUOTE) return position + 1;
  }
  throw invalid(start);
}

/** Position after the value that begins at `start`, found by its quotes and brackets; its content may be invalid JSON. */
export function valueBytesEnd(bytes: Uint8Array, start: number): number {
  let depth = 0;
  for (let position = start; position < bytes.length; position += 1) {
    const byte = bytes[position]!;
    if (byte === QUOTE) {
      position = stringBytesEnd(bytes, position) - 1;
      if (depth === 0) return position + 1;
    } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
      depth += 1;
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
      if (depth <= 1) return depth === 1 ? position + 1 : position;
      depth -= 1;
    } else if (byte === COMMA && depth === 0) {
      return position;
    }
  }
  throw invalid(start);
}

/** Walks through the list that begins at `start`; throws MmifError where a value, comma or closing bracket is missing. */
export function walkList(bytes: Uint8Array, start: number, onItem: Visit): number {
  let position = skipSpaceBytes(bytes, start + 1);
  if (bytes[position] === CLOSE_LIST) return position + 1;
  for (;;) {
    const end = onItem(position);
    const next = skipSpaceBytes(bytes, end);
    if (end === position) throw invalid(position);
    if (bytes[next] === CLOSE_LIST) return next + 1;
    if (bytes[next] !== COMMA) throw invalid(next);
    position = skipSpaceBytes(bytes, next + 1);
  }
}

/** Walks through the members of the object that begins at `start`; throws like `walkList`. */
export function walkObject(bytes: Uint8Array, start: number, onMember: (name: string) => Visit): number {
  let position = skipSpaceBytes(bytes, start + 1);
  if (bytes[position] === CLOSE_OBJECT) return position + 1;
  for (;;) {
    if (bytes[position] !== QUOTE) throw invalid(position);
    const nameEnd = stringBytesEnd(bytes, position);
    const colon = skipSpaceBytes(bytes, nameEnd);
    if (bytes[colon] !== COLON) throw invalid(colon);
    const visit = onMember(JSON.parse(UTF8.decode(bytes.subarray(position, nameEnd))) as string);
    const next = skipSpaceBytes(bytes, visit(skipSpaceBytes(bytes, colon + 1)));
    if (bytes[next] === CLOSE_OBJECT) return next + 1;
    if (bytes[next] !== COMMA) throw invalid(next);
    position = skipSpaceBytes(bytes, next + 1);
  }
}

const invalid = (position: number): MmifError => new MmifError(`The text is not valid JSON at byte ${position}.`);
