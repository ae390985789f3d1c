import { MmifError } from './mmif-error.js';
import type { Annotation, Mmif, View, ViewError } from './model.js';
import { isObject, parseJson } from './parse-json.js';

function readList<Item>(value: unknown, where: string, read: (item: unknown, where: string) => Item): Item[] {
  if (!Array.isArray(value)) throw new MmifError(`${where} is not a list.`);
  return value.map((item, position) => read(item, `${where}[${position}]`));
}

/** The parsed value itself is kept: copies of tens of thousands of annotations cost memory. */
function readAnnotation(value: unknown, where: string): Annotation {
  if (!isObject(value) || typeof value['@type'] !== 'string') throw new MmifError(`${where} has no @type.`);
  const properties = value['properties'];
  if (!isObject(properties) || typeof properties['id'] !== 'string') throw new MmifError(`${where} has no id.`);
  return value as unknown as Annotation;
}

function readError(value: unknown): ViewError {
  if (!isObject(value)) return { message: String(value), stackTrace: '' };
  const text = (field: unknown) => (typeof field === 'string' ? field : '');
  return { message: text(value['message']), stackTrace: text(value['stackTrace']) };
}

function readView(value: unknown, where: string): View {
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
    annotations: readList(value['annotations'] ?? [], `${where}.annotations`, readAnnotation),
  };
}

/**
 * Parses a copy of an MMIF document, versions 0.4 to 1.2, and forgives what no reader needs. Throws MmifError with
 * the place that is wrong. Integers beyond 2^53 are rounded in the copy, one reason why it is never written back.
 */
export const readMmif = (document: Uint8Array | string): Mmif => mmifOf(parseJson(document));

/** The MMIF document in a parsed JSON value, which stays shared; throws like `readMmif`. */
export function mmifOf(json: unknown): Mmif {
  if (!isObject(json)) throw new MmifError('The document is no JSON object.');
  const metadata = json['metadata'];
  if (!isObject(metadata) || typeof metadata['mmif'] !== 'string') {
    throw new MmifError('metadata.mmif, the version of the format, is missing.');
  }
  return {
    metadata: { ...metadata, mmif: metadata['mmif'] },
    documents: readList(json['documents'], 'documents', readAnnotation),
    views: readList(json['views'], 'views', readView),
  };
}
