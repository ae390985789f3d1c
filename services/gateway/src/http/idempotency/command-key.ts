import { createHash } from 'node:crypto';
import type { ApiRequest } from '../api-request.js';
import { ProblemError } from '../problem-error.js';

const HEADER = 'idempotency-key';
const COMMANDS = ['POST', 'PUT', 'PATCH', 'DELETE'];
const ACCEPTABLE = /^[\x21-\x7e]{1,255}$/;

type Keyed = Pick<ApiRequest, 'method' | 'headers'>;

/** The key that a command carries; null for what is no command or carries none. Throws ProblemError for what is no key. */
export function keyOf({ method = 'GET', headers }: Keyed): string | null {
  const key = headers[HEADER];
  if (key === undefined || !COMMANDS.includes(method)) return null;
  if (typeof key === 'string' && ACCEPTABLE.test(key)) return key;
  throw new ProblemError(
    400,
    'invalid-idempotency-key',
    'The Idempotency-Key is no key',
    'Send one Idempotency-Key of 1 to 255 visible ASCII characters, a new one for each command, such as a UUID.',
  );
}

/** Digest of all that a command says: its method, its address and the digest of its body. */
export const digestOf = ({ method, originalUrl }: Pick<ApiRequest, 'method' | 'originalUrl'>, body: string): string =>
  sha256(`${method} ${originalUrl}\n${body}`);

/** For the body parser: notes the digest of a body as it was sent, where the command may be sent again. */
export function noteBody(request: ApiRequest, _response: unknown, body: Buffer): void {
  if (request.headers[HEADER] !== undefined) request.bodySha256 = sha256(body);
}

/** The key was used before, for another command. */
export const keyReused = (key: string): ProblemError =>
  new ProblemError(
    422,
    'idempotency-key-reused',
    'The Idempotency-Key was used for another command',
    `Take a new key: ${key} stands for a command with another address or body, which stays as it was.`,
  );

const sha256 = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex');
