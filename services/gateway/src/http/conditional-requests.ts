import type { IncomingMessage } from 'node:http';

type Headers = Pick<IncomingMessage, 'headers'>;

/** Whether the client accepts a gzip response (RFC 9110, 12.5.3); `*` counts if gzip is not named. */
export function acceptsGzip({ headers }: Headers): boolean {
  const codings = String(headers['accept-encoding'] ?? '')
    .toLowerCase()
    .split(',')
    .map((coding) => coding.split(';').map((part) => part.trim()));
  const [, ...parameters] = codings.find(([name]) => name === 'gzip') ??
    codings.find(([name]) => name === '*') ?? ['none', 'q=0'];
  return !parameters.some((parameter) => /^q\s*=\s*0(\.0*)?$/.test(parameter));
}

/** Entity tag of a response by its content; a weak one, because the plain and the compressed response share it. */
export const entityTag = (content: string): string => `W/"${content}"`;

const opaque = (tag: string): string => tag.trim().replace(/^W\//, '');

/** Whether `If-None-Match` contains this entity tag, so that the response is 304. */
export const isKnownToClient = ({ headers }: Headers, tag: string): boolean =>
  (headers['if-none-match'] ?? '').split(',').some((given) => opaque(given) === opaque(tag) || given.trim() === '*');

/** The bytes from `start` to `end`, both inclusive. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * The part of a content of `bytes` bytes that a `Range` header requests (RFC 9110, 14.2). Null means the whole content:
 * there is no header, it has several ranges, or its unit is not bytes. 'unsatisfiable' means beyond the end.
 */
export function byteRange(header: string | undefined, bytes: number): ByteRange | 'unsatisfiable' | null {
  const match = /^bytes\s*=\s*(\d{0,15})-(\d{0,15})\s*$/i.exec(header ?? '');
  if (!match) return null;
  const [first, last] = [match[1]!, match[2]!];
  if (first === '') {
    if (last === '') return null;
    const length = Math.min(Number(last), bytes);
    return length === 0 ? 'unsatisfiable' : { start: bytes - length, end: bytes - 1 };
  }
  const start = Number(first);
  const end = last === '' ? bytes - 1 : Math.min(Number(last), bytes - 1);
  if (last !== '' && Number(last) < start) return null;
  return start >= bytes ? 'unsatisfiable' : { start, end };
}
