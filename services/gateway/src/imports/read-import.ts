import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { type ImportFile, type ImportSource, newImportSchema } from '#libs/contracts';
import { BODY_LIMITS, tooLarge } from '../http/body-limits.js';
import type { SpooledBody } from '../http/spool/spooled-body.js';
import { ValidationPipe } from '../http/validation.pipe.js';
import { locateMedia } from '../media-files/media-path.js';
import { type ImportEntry, importEntry } from './import-entry.js';
import { binaryBody, invalidJson, notAFolder, unsupportedList } from './import-problems.js';
import { MediaFinder } from './media-finder.js';
import { MediaIndex } from './media-index.js';
import { readCsv } from './read-csv.js';
import { readPasted } from './read-pasted.js';
import { Decoder, EncodingDetector, isText } from './text-encoding.js';

/** A requested import: where its entries come from, and how their files are found. */
export interface RequestedImport {
  readonly source: ImportSource;
  readonly entries: AsyncIterable<ImportEntry>;
  readonly finder: MediaFinder;
}

/** Size of a text chunk; all entries of a chunk are in memory until they are consumed. */
const PIECE_BYTES = 16 * 1024;
const CSV_TYPES = ['text/csv', 'application/csv', 'text/tab-separated-values'];

/** Reads the body of an import by its media type; throws ProblemError for a body that is not a list. */
export async function readImport(
  body: SpooledBody,
  contentType: string,
  folders: readonly string[],
): Promise<RequestedImport> {
  const type = contentType.split(';', 1)[0]!.trim().toLowerCase();
  const finder = new MediaFinder(folders);
  if (CSV_TYPES.includes(type)) return { source: 'csv', entries: readCsv(textOf(body)), finder };
  if (type === 'text/plain') return { source: 'guids', entries: readPasted(textOf(body)), finder };
  if (type === 'application/json') return readJson(body, folders);
  throw unsupportedList();
}

async function readJson(body: SpooledBody, folders: readonly string[]): Promise<RequestedImport> {
  if (body.bytes > BODY_LIMITS.jsonImport.bytes) throw tooLarge(BODY_LIMITS.jsonImport);
  let text = '';
  for await (const piece of textOf(body)) text += piece;
  const requested = (await new ValidationPipe().transform(parsed(text), {
    type: 'body',
    schema: newImportSchema,
  })) as ReturnType<typeof newImportSchema.parse>;
  const finder = new MediaFinder(folders);
  if ('guids' in requested)
    return { source: 'guids', entries: listed(requested.guids.map((guid) => ({ guid }))), finder };
  if ('files' in requested) return { source: 'files', entries: listed(requested.files), finder };
  return readFolder(requested.folder, folders);
}

async function readFolder(folder: string, folders: readonly string[]): Promise<RequestedImport> {
  const isWhole = folders.includes(folder);
  const real = isWhole ? folder : await locateMedia(folder, folders);
  if (!(await stat(real)).isDirectory()) throw notAFolder(folder);
  const index = await MediaIndex.scan([real], folders);
  const names = [...index.firsts(), ...index.unnamed].map((path) => ({ guid: basename(path) }));
  return { source: 'folder', entries: listed(names), finder: new MediaFinder(folders, Promise.resolve(index)) };
}

async function* listed(files: readonly ImportFile[]): AsyncGenerator<ImportEntry> {
  for (const [index, { guid, title = '', path, ...rest }] of files.entries()) {
    const columns = Object.entries(rest).flatMap(([name, value]) => (value === null ? [] : [[name, String(value)]]));
    yield importEntry(index + 1, guid, {
      title,
      path: path || null,
      metadata: Object.fromEntries(columns) as Record<string, string>,
    });
  }
}

/** Decodes a body in any supported encoding; throws ProblemError for binary content. */
async function* textOf({ path }: SpooledBody): AsyncGenerator<string> {
  const detector = new EncodingDetector();
  for await (const bytes of createReadStream(path) as AsyncIterable<Buffer>) detector.see(bytes);
  const decoder = new Decoder(detector.encoding());
  for await (const bytes of createReadStream(path, { highWaterMark: PIECE_BYTES }) as AsyncIterable<Buffer>) {
    const piece = decoder.decode(bytes);
    if (!isText(piece)) throw binaryBody();
    yield piece;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalidJson(error instanceof Error ? error.message : 'it is malformed');
  }
}
