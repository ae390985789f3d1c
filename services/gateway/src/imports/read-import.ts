import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { type ImportFile, type ImportSource, newImportSchema } from '#libs/contracts';
import { BODY_LIMITS, tooLarge } from '../http/body-limits.js';
import { ProblemError } from '../http/problem-error.js';
import type { SpooledBody } from '../http/spool/spooled-body.js';
import { ValidationPipe } from '../http/validation.pipe.js';
import { locateMedia } from '../media-files/media-path.js';
import { type ImportEntry, importEntry } from './import-entry.js';
import { MediaFinder } from './media-finder.js';
import { MediaIndex } from './media-index.js';
import { readCsv } from './read-csv.js';
import { readPasted } from './read-pasted.js';
import { Decoder, EncodingDetector, isText } from './text-encoding.js';

/** An import as it is asked for. */
export interface AskedImport {
  readonly source: ImportSource;
  readonly entries: AsyncIterable<ImportEntry>;
  readonly finder: MediaFinder;
}

/** Of a text at once: all of its lines are in memory until they are taken up. */
const PIECE_BYTES = 16 * 1024;
const CSV_TYPES = ['text/csv', 'application/csv', 'text/tab-separated-values'];

/** Understands the body of an import by its media type; throws ProblemError for what is no import. */
export async function readImport(
  body: SpooledBody,
  contentType: string,
  folders: readonly string[],
): Promise<AskedImport> {
  const type = contentType.split(';', 1)[0]!.trim().toLowerCase();
  const finder = new MediaFinder(folders);
  if (CSV_TYPES.includes(type)) return { source: 'csv', entries: readCsv(textOf(body)), finder };
  if (type === 'text/plain') return { source: 'guids', entries: readPasted(textOf(body)), finder };
  if (type === 'application/json') return readJson(body, folders);
  throw new ProblemError(
    415,
    'no-import',
    'The body is no list of media files',
    'Send CSV as text/csv, pasted GUIDs as text/plain, or JSON as application/json. Save a workbook as CSV first.',
  );
}

async function readJson(body: SpooledBody, folders: readonly string[]): Promise<AskedImport> {
  if (body.bytes > BODY_LIMITS.jsonImport.bytes) throw tooLarge(BODY_LIMITS.jsonImport);
  let text = '';
  for await (const piece of textOf(body)) text += piece;
  const asked = (await new ValidationPipe().transform(parsed(text), {
    type: 'body',
    schema: newImportSchema,
  })) as ReturnType<typeof newImportSchema.parse>;
  const finder = new MediaFinder(folders);
  if ('guids' in asked) return { source: 'guids', entries: listed(asked.guids.map((guid) => ({ guid }))), finder };
  if ('files' in asked) return { source: 'files', entries: listed(asked.files), finder };
  return readFolder(asked.folder, folders);
}

async function readFolder(folder: string, folders: readonly string[]): Promise<AskedImport> {
  const isWhole = folders.includes(folder);
  const real = isWhole ? folder : await locateMedia(folder, folders);
  if (!(await stat(real)).isDirectory())
    throw new ProblemError(422, 'no-folder', 'That is no folder', `${folder} is a file. Name the folder it is in.`);
  const index = await MediaIndex.scan([real], folders);
  const names = [...index.firsts(), ...index.unnamed].map((path) => ({ guid: basename(path) }));
  return { source: 'folder', entries: listed(names), finder: new MediaFinder(folders, Promise.resolve(index)) };
}

async function* listed(files: readonly ImportFile[]): AsyncGenerator<ImportEntry> {
  for (const [index, { guid, title = '', path, ...rest }] of files.entries()) {
    const said = Object.entries(rest).flatMap(([name, value]) => (value === null ? [] : [[name, String(value)]]));
    yield importEntry(index + 1, guid, {
      title,
      path: path || null,
      metadata: Object.fromEntries(said) as Record<string, string>,
    });
  }
}

/** The text of a body in whatever encoding; throws ProblemError for what is no text. */
async function* textOf({ path }: SpooledBody): AsyncGenerator<string> {
  const detector = new EncodingDetector();
  for await (const bytes of createReadStream(path) as AsyncIterable<Buffer>) detector.see(bytes);
  const decoder = new Decoder(detector.encoding());
  for await (const bytes of createReadStream(path, { highWaterMark: PIECE_BYTES }) as AsyncIterable<Buffer>) {
    const piece = decoder.decode(bytes);
    if (!isText(piece)) throw noText();
    yield piece;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : 'it is malformed';
    throw new ProblemError(400, 'unreadable-request', 'Unreadable request', `Send valid JSON (${why}).`);
  }
}

const noText = () =>
  new ProblemError(
    422,
    'no-text',
    'The body is no text',
    'It holds what no text has, such as a workbook or a picture does. Save the list as CSV (in UTF-8, best) and send that.',
  );
