import { createHash } from 'node:crypto';
import type { ApiRequest } from '../api-request.js';
import { ProblemError } from '../problem-error.js';

const HEADER = 'idempotency-key';
const COMMANDS = ['POST', 'PUT', 'PATCH', 'DELETE'];
const ACCEPTABLE = /^[\x21-\x7e]{1,255}$/;

type Keyed = Pick<ApiRequest, 'method' | 'headers'>;

/** The `Idempotency-Key` of a command; null if there is none. Throws ProblemError for an invalid key. */
export function keyOf({ method = 'GET', headers }: Keyed): string | null {
  const key = headers[HEADER];
  if (key === undefined || !COMMANDS.includes(method)) return null;
  if (typeof key === 'string' && ACCEPTABLE.test(key)) return key;
  throw new ProblemError(
    400,
    'invalid-idempotency-key',
    'Invalid Idempotency-Key',
    'Send an Idempotency-Key of 1 to 255 visible ASCII characters, different for each command, such as a UUID.',
  );
}

/** Digest of a command: its method, its URL and the digest of its body. */
export const digestOf = ({ method, originalUrl }: Pick<ApiRequest, 'method' | 'originalUrl'>, body: string): string =>
  sha256(`${method} ${originalUrl}\n${body}`);

/** Hook of the body parser: stores the digest of the raw body of a command with a key. */
export function noteBody(request: ApiRequest, _response: unknown, body: Buffer): void {
  if (request.headers[HEADER] !== undefined) request.bodySha256 = sha256(body);
}

export const keyReused = (key: string): ProblemError =>
  new ProblemError(
    422,
    'idempotency-key-reused',
    'The Idempotency-Key was used for another command',
    `The key ${key} belongs to an earlier command with another URL or body, which is unaffected. Use a new key for this one.`,
  );

const sha256 = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex');
