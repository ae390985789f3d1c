import { MmifError } from '../mmif-error.js';
import type { AnnotationList } from '../model.js';
import { type OpenedDocument, openWhole } from '../opened-document.js';
import { isObject, parseJson } from '../parse-json.js';
import { mmifWith, readAnnotations } from '../read-mmif.js';
import { schemaComplaints } from '../validate-mmif.js';
import { type AnnotationRanges, annotationRanges } from './annotation-ranges.js';
import { StreamedAnnotations } from './streamed-annotations.js';
import { type Survey, survey } from './survey.js';

/** A document without its annotations: the number of a list stands in its place, as `[number]`. */
interface Parts {
  readonly frame: unknown;
  readonly surveys: readonly Survey[];
}

/**
 * Opens a document without ever holding all its annotations: what `openWhole` says of it, and the sentences that it
 * throws, in little more memory than the bytes. A text that is no JSON is parsed as a whole, for the words of the parser.
 */
export function openLarge(document: Uint8Array, batchBytes?: number): OpenedDocument {
  const parts = readParts(document, batchBytes);
  if (parts === null) return openWhole(document);
  const mmif = mmifWith(parts.frame, (value, where): AnnotationList => {
    const found = surveyAt(value, parts);
    if (!found) return readAnnotations(value, where);
    const { list, stranger } = found;
    if (stranger) throw new MmifError(`${where}[${stranger.position}] ${stranger.fault}`);
    return list;
  });
  return { mmif, complaints: () => schemaComplaints(sampled(parts)) };
}

/** Null when the document is no JSON; it is, when its frame and all that was taken out of it are. */
function readParts(document: Uint8Array, batchBytes: number | undefined): Parts | null {
  try {
    const ranges = annotationRanges(document);
    const frame = parseJson(frameOf(document, ranges));
    return {
      frame,
      surveys: ranges.map(({ bounds }) => survey(new StreamedAnnotations(document, bounds, batchBytes))),
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

/** What stands in the place of a list; nothing for a value that is no list, which stayed in the frame. */
const surveyAt = (value: unknown, { surveys }: Parts): Survey | undefined =>
  Array.isArray(value) ? surveys[value[0] as number] : undefined;

/** The document with samples in the places of its lists. */
function sampled(parts: Parts): unknown {
  const { frame } = parts;
  if (!isObject(frame) || !Array.isArray(frame['views'])) return frame;
  const views = frame['views'].map((view: unknown) => {
    const found = isObject(view) ? surveyAt(view['annotations'], parts) : undefined;
    return found ? { ...(view as object), annotations: found.sample } : view;
  });
  return { ...frame, views };
}
