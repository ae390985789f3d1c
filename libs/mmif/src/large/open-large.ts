import { isObject, MmifError, parseJson } from '../model/json.js';
import type { AnnotationList } from '../model/mmif.js';
import { mmifWith, readAnnotations } from '../model/read-mmif.js';
import { type OpenedDocument, openWhole } from '../schema/opened-document.js';
import { schemaErrors } from '../schema/validate-mmif.js';
import { type AnnotationRanges, annotationRanges } from './annotation-ranges.js';
import { type InspectedList, inspectList } from './inspect-list.js';
import { StreamedAnnotations } from './streamed-annotations.js';

/** A document without its annotations: `frame` has `[number]` in place of each list, the index into `lists`. */
interface Parts {
  readonly frame: unknown;
  readonly lists: readonly InspectedList[];
}

/**
 * Opens a document without holding all its annotations in memory: the same result and the same errors as `openWhole`,
 * in little more memory than the bytes take. A text that is not valid JSON is parsed as a whole, because the parser's
 * message is part of the result. `batchBytes`: bytes that are parsed together.
 */
export function openLarge(document: Uint8Array, batchBytes?: number): OpenedDocument {
  const parts = readParts(document, batchBytes);
  if (parts === null) return openWhole(document);
  const mmif = mmifWith(parts.frame, (value, where): AnnotationList => {
    const inspected = listFor(value, parts);
    if (!inspected) return readAnnotations(value, where);
    const { list, misfit } = inspected;
    if (misfit) throw new MmifError(`${where}[${misfit.position}] ${misfit.fault}`);
    return list;
  });
  return { mmif, schemaErrors: () => schemaErrors(sampled(parts)) };
}

/** Null when the document is not valid JSON. It is valid when its frame and all values that were taken out are. */
function readParts(document: Uint8Array, batchBytes: number | undefined): Parts | null {
  try {
    const ranges = annotationRanges(document);
    const frame = parseJson(frameOf(document, ranges));
    return {
      frame,
      lists: ranges.map(({ bounds }) => inspectList(new StreamedAnnotations(document, bounds, batchBytes))),
    };
  } catch {
    return null;
  }
}

function frameOf(document: Uint8Array, ranges: readonly AnnotationRanges[]): Uint8Array {
  const text = new TextEncoder();
  const parts = ranges.flatMap(({ start }, number) => [
    document.subarray(ranges[number - 1]?.end ?? 0, start),
    text.encode(`[${number}]`),
  ]);
  parts.push(document.subarray(ranges.at(-1)?.end ?? 0));
  const frame = new Uint8Array(parts.reduce((length, part) => length + part.byteLength, 0));
  let position = 0;
  for (const part of parts) {
    frame.set(part, position);
    position += part.byteLength;
  }
  return frame;
}

/** The list for its placeholder in the frame; undefined for a value that is not a list and therefore was not taken out. */
const listFor = (value: unknown, { lists }: Parts): InspectedList | undefined =>
  Array.isArray(value) ? lists[value[0] as number] : undefined;

/** The document with the samples of its lists, for validation. */
function sampled(parts: Parts): unknown {
  const { frame } = parts;
  if (!isObject(frame) || !Array.isArray(frame['views'])) return frame;
  const views = frame['views'].map((view: unknown) => {
    const inspected = isObject(view) ? listFor(view['annotations'], parts) : undefined;
    return inspected ? { ...(view as object), annotations: inspected.sample } : view;
  });
  return { ...frame, views };
}
