import { randomUUID } from 'node:crypto';
import { type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Problem } from '#libs/contracts';
import type { Logger } from '#libs/runtime';
import { ProblemError } from './problem-error.js';

const HEADERS_TOO_LARGE = new ProblemError(
  431,
  'headers-too-large',
  'Request header too large',
  'The URL and the headers together exceed 16 KiB. Shorten the URL, or send long lists in the body.',
).problem;

const SLOW = new ProblemError(
  408,
  'slow-request',
  'Request timeout',
  'The request did not arrive in time. Check the connection, then send the request again.',
).problem;

const MALFORMED = new ProblemError(
  400,
  'unreadable-request',
  'Unreadable request',
  'This is not a valid HTTP request. Check the client, and any proxy between it and the gateway.',
).problem;

/** By the error codes of Node's HTTP server. */
const PROBLEMS: Readonly<Record<string, Problem>> = {
  HPE_HEADER_OVERFLOW: HEADERS_TOO_LARGE,
  ERR_HTTP_REQUEST_TIMEOUT: SLOW,
};

/**
 * Answers requests that Node's parser rejects, so that they reach no middleware, with a problem document instead of
 * Node's empty response, and closes their connections.
 */
export function answerUnparsed(server: Server, logger: Logger): void {
  const responses = new WeakMap<Duplex, ServerResponse>();
  server.on('request', ({ socket }, response) => responses.set(socket, response));
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    const previous = responses.get(socket);
    // A response that is being sent must not be followed by bytes that its client would take for its content.
    const isSending = previous?.headersSent === true && !previous.writableFinished;
    if (error.code === 'ECONNRESET' || !socket.writable || isSending) return void socket.destroy();
    const problem = PROBLEMS[error.code ?? ''] ?? MALFORMED;
    const requestId = randomUUID();
    logger.info({ requestId, status: problem.status, code: error.code }, 'request rejected by the HTTP parser');
    socket.end(responseTo(problem, requestId), () => socket.destroy());
  });
}

function responseTo(problem: Problem, requestId: string): string {
  const body = JSON.stringify({ ...problem, requestId });
  return [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${requestId}`,
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}
