import { isListAt, isObjectAt, valueBytesEnd, type Visit, walkList, walkObject } from './json-bytes.js';

const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/** The position of a list of annotations in the bytes of a document, and of each annotation in it. */
export interface AnnotationRanges {
  readonly start: number;
  readonly end: number;
  /** Start and end of the first annotation, of the second, and so on. */
  readonly bounds: readonly number[];
}

/**
 * Finds the lists of annotations of a document, in the order of the text, without parsing it. Relies on valid JSON: for
 * other text the result is meaningless, unless the values in the lists and the rest of the text can all be parsed.
 * Throws MmifError, or what `JSON.parse` throws, where it cannot continue.
 */
export function annotationRanges(bytes: Uint8Array): AnnotationRanges[] {
  const found: AnnotationRanges[] = [];
  const skip: Visit = (start) => valueBytesEnd(bytes, start);
  const inList =
    (onItem: Visit): Visit =>
    (start) =>
      isListAt(bytes, start) ? walkList(bytes, start, onItem) : skip(start);
  const inMember =
    (name: string, visit: Visit): Visit =>
    (start) =>
      isObjectAt(bytes, start) ? walkObject(bytes, start, (other) => (other === name ? visit : skip)) : skip(start);
  const annotations: Visit = (start) => {
    if (!isListAt(bytes, start)) return skip(start);
    const bounds: number[] = [];
    const end = walkList(bytes, start, (item) => {
      const itemEnd = valueBytesEnd(bytes, item);
      bounds.push(item, itemEnd);
      return itemEnd;
    });
    found.push({ start, end, bounds });
    return end;
  };
  const start = BYTE_ORDER_MARK.every((byte, position) => bytes[position] === byte) ? BYTE_ORDER_MARK.length : 0;
  inMember('views', inList(inMember('annotations', annotations)))(start);
  return found;
}
