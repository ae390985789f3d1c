import { isListAt, isObjectAt, valueBytesEnd, type Visit, walkList, walkObject } from './json-bytes.js';

const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/** Where a list of annotations stands in the bytes of a document, and where each of them begins and ends. */
export interface AnnotationRanges {
  readonly start: number;
  readonly end: number;
  /** Beginning and end of the first annotation, of the second, and so on. */
  readonly bounds: readonly number[];
}

/**
 * The lists of annotations of a document, in the order of the text, found without parsing it. Relies on valid JSON:
 * of other text the result means nothing, unless all that is in the lists and all that is around them can be parsed.
 * Throws MmifError, or what `JSON.parse` throws, where it cannot go on.
 */
export function annotationRanges(bytes: Uint8Array): AnnotationRanges[] {
  const found: AnnotationRanges[] = [];
  const pass: Visit = (start) => valueBytesEnd(bytes, start);
  const inList =
    (onItem: Visit): Visit =>
    (start) =>
      isListAt(bytes, start) ? walkList(bytes, start, onItem) : pass(start);
  const inMember =
    (name: string, visit: Visit): Visit =>
    (start) =>
      isObjectAt(bytes, start) ? walkObject(bytes, start, (other) => (other === name ? visit : pass)) : pass(start);
  const annotations: Visit = (start) => {
    if (!isListAt(bytes, start)) return pass(start);
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
