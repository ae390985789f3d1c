import type { NatsConnection } from 'nats';

const REQUEST_TIMEOUT_MS = 5000;
const NO_MESSAGE_CODE = 10037;

/** A message in a stream. */
export interface StoredMessage {
  readonly subject: string;
  readonly sequence: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array;
  /** When the broker stored it, in nanoseconds since 1970, as a decimal string. */
  readonly timestamp: string;
}

interface GetAnswer {
  error?: { err_code?: number; description: string };
  message?: { subject: string; seq: number; hdrs?: string; data?: string; time: string };
}

/** Nanoseconds since 1970 of an RFC 3339 time with up to nine decimals. */
export function nanoseconds(time: string): string {
  const [, seconds, fraction = ''] = /^(.*?)(?:\.(\d{1,9}))?Z$/.exec(time) ?? [];
  if (seconds === undefined) throw new RangeError(`${time} is not a valid RFC 3339 time in UTC`);
  return `${Date.parse(`${seconds}Z`) / 1000}${fraction.padEnd(9, '0')}`;
}

const NANOSECONDS_PER_MS = 1_000_000n;

/** Milliseconds since 1970 of a broker's time in nanoseconds, as a decimal string. */
export const milliseconds = (timestamp: string): number => Number(BigInt(timestamp) / NANOSECONDS_PER_MS);

function parseHeaders(encoded: string | undefined): Map<string, string> {
  const headers = new Map<string, string>();
  for (const line of Buffer.from(encoded ?? '', 'base64')
    .toString('utf8')
    .split('\r\n')
    .slice(1)) {
    const colon = line.indexOf(':');
    if (colon > 0) headers.set(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  return headers;
}

async function getMessage(connection: NatsConnection, stream: string, query: object): Promise<StoredMessage | null> {
  const request = JSON.stringify(query);
  // The stream's leader answers STREAM.MSG.GET; a direct get could be answered by a replica that lags behind.
  const reply = await connection.request(`$JS.API.STREAM.MSG.GET.${stream}`, request, { timeout: REQUEST_TIMEOUT_MS });
  const { error, message } = reply.json<GetAnswer>();
  if (error?.err_code === NO_MESSAGE_CODE) return null;
  if (error || !message)
    throw new Error(`${stream} cannot be read: ${error?.description ?? 'the server sent an empty answer'}`);
  return {
    subject: message.subject,
    sequence: message.seq,
    headers: parseHeaders(message.hdrs),
    body: Buffer.from(message.data ?? '', 'base64'),
    timestamp: nanoseconds(message.time),
  };
}

/** The newest message of a subject; null when there is none. Rejects when the stream cannot be read. */
export const readLast = (connection: NatsConnection, stream: string, subject: string) =>
  getMessage(connection, stream, { last_by_subj: subject });

/** The first message from a sequence on whose subject matches the filter; null when there is none. */
export const readNext = (connection: NatsConnection, stream: string, filter: string, sequence: number) =>
  getMessage(connection, stream, { seq: sequence, next_by_subj: filter });
