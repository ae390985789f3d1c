import { isObject, MmifError, parseJson } from './json.js';
import type { Annotation, AnnotationList, Mmif, View, ViewError } from './mmif.js';

function readList<Item>(value: unknown, where: string, read: (item: unknown, where: string) => Item): Item[] {
  if (!Array.isArray(value)) throw new MmifError(`${where} is not a list.`);
  return value.map((item, position) => read(item, `${where}[${position}]`));
}

/** What is missing in a value that is not an annotation, as the end of a sentence; null for an annotation. */
export function annotationFault(value: unknown): string | null {
  if (!isObject(value) || typeof value['@type'] !== 'string') return 'has no @type.';
  const properties = value['properties'];
  return isObject(properties) && typeof properties['id'] === 'string' ? null : 'has no id.';
}

/** Returns the parsed value itself: copies of tens of thousands of annotations would cost memory. */
function readAnnotation(value: unknown, where: string): Annotation {
  const fault = annotationFault(value);
  if (fault !== null) throw new MmifError(`${where} ${fault}`);
  return value as Annotation;
}

/** The annotations in a parsed list; throws MmifError with the place of the first value that is not an annotation. */
export const readAnnotations = (value: unknown, where: string): readonly Annotation[] =>
  readList(value, where, readAnnotation);

function readError(value: unknown): ViewError {
  if (!isObject(value)) return { message: String(value), stackTrace: '' };
  const text = (field: unknown) => (typeof field === 'string' ? field : '');
  return { message: text(value['message']), stackTrace: text(value['stackTrace']) };
}

/** Reads the value of a view's `annotations`. */
type ReadAnnotations<List> = (value: unknown, where: string) => List;

function readView<List extends AnnotationList>(value: unknown, where: string, read: ReadAnnotations<List>): View<List> {
  if (!isObject(value) || typeof value['id'] !== 'string') throw new MmifError(`${where} has no id.`);
  const metadata = value['metadata'];
  if (!isObject(metadata)) throw new MmifError(`${where} has no metadata.`);
  const { error, warnings, contains, timestamp, app, ...rest } = metadata;
  return {
    id: value['id'],
    metadata: {
      ...rest,
      app: typeof app === 'string' ? app : '',
      ...(typeof timestamp === 'string' ? { timestamp } : {}),
      ...(isObject(contains) ? { contains } : {}),
      ...(error === undefined || error === null ? {} : { error: readError(error) }),
      ...(Array.isArray(warnings) ? { warnings: warnings.map(String) } : {}),
    },
    annotations: read(value['annotations'] ?? [], `${where}.annotations`),
  };
}

/**
 * Parses a copy of an MMIF document, versions 0.4 to 1.2, and tolerates faults in parts that no reader uses. Throws
 * MmifError with the place of a fault. Integers beyond 2^53 are rounded in the copy, one reason never to write it back.
 */
export const readMmif = (document: Uint8Array | string): Mmif => mmifOf(parseJson(document));

/** The MMIF document in a parsed JSON value, which it shares; throws like `readMmif`. */
export const mmifOf = (json: unknown): Mmif => mmifWith(json, readAnnotations);

/** Like `mmifOf`, with another reader for the lists of annotations. */
export function mmifWith<List extends AnnotationList>(json: unknown, read: ReadAnnotations<List>): Mmif<List> {
  if (!isObject(json)) throw new MmifError('The document is not a JSON object.');
  const metadata = json['metadata'];
  if (!isObject(metadata) || typeof metadata['mmif'] !== 'string') {
    throw new MmifError('metadata.mmif, the version of the format, is missing.');
  }
  return {
    metadata: { ...metadata, mmif: metadata['mmif'] },
    documents: readList(json['documents'], 'documents', readAnnotation),
    views: readList(json['views'], 'views', (view, where) => readView(view, where, read)),
  };
}
