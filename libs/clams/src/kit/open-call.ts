import { memberRanges, type Mmif, MmifError, readMmif } from '#libs/mmif';
import type { RawParameters } from './cast-parameters.js';
import { pythonText } from './python-text.js';

/** The contents of a call: the text of its document, a parsed copy, and the texts of its parameters. */
export interface OpenedCall {
  readonly document: string;
  readonly mmif: Mmif;
  readonly raw: RawParameters;
}

/** A body has the member `parameters` but is not a valid envelope; the message states why. */
export class EnvelopeError extends Error {
  override readonly name = 'EnvelopeError';
}

function decode(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch (error) {
    throw new MmifError('The body is not valid UTF-8. Send uncompressed MMIF.', { cause: error });
  }
}

/** Puts numbers in quotes: values become texts anyway, and JSON.parse would round integers beyond 2^53. */
const quoteNumbers = (json: string): string =>
  json.replace(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g, (token) => (token.startsWith('"') ? token : `"${token}"`));

function texts(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.map(pythonText);
  if (typeof value !== 'object' || value === null) return [pythonText(value)];
  return Object.entries(value).map(([key, item]) => `${key}:${pythonText(item)}`);
}

function readEnvelope(text: string, { start, end }: { start: number; end: number }): RawParameters {
  const around = `${text.slice(0, start)}null${text.slice(end)}`;
  let envelope: { readonly parameters?: unknown };
  try {
    envelope = JSON.parse(quoteNumbers(around)) as typeof envelope;
  } catch (error) {
    throw new EnvelopeError(`The envelope is not valid JSON: ${(error as Error).message}`, { cause: error });
  }
  const { parameters } = envelope;
  if (typeof parameters !== 'object' || parameters === null || Array.isArray(parameters)) {
    throw new EnvelopeError('"parameters" must be a JSON object.');
  }
  return new Map(Object.entries(parameters).map(([name, value]) => [name, texts(value)]));
}

const readQuery = (query: URLSearchParams): RawParameters =>
  new Map([...new Set(query.keys())].map((name) => [name, query.getAll(name)]));

/**
 * Opens the body of a call: MMIF, or the envelope `{"parameters", "mmif"}` of SDK 1.6 and later. Parameters of the query
 * take precedence over those of the envelope (clams/envelop/__init__.py). Throws MmifError or EnvelopeError.
 */
export function openCall(body: Uint8Array, query: URLSearchParams): OpenedCall {
  const text = decode(body);
  const members = memberRanges(text);
  if (!members.has('parameters')) return { document: text, mmif: readMmif(text), raw: readQuery(query) };
  const range = members.get('mmif');
  if (!range) throw new EnvelopeError('Envelope is missing required "mmif" key');
  const raw = new Map([...readEnvelope(text, range), ...readQuery(query)]);
  const document = text.slice(range.start, range.end);
  const mmif = readMmif(document);
  // Rejects a duplicate member now instead of when the answer is written, after all the work.
  memberRanges(document);
  return { document, mmif, raw };
}
