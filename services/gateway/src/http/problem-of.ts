import { HttpException } from '@nestjs/common';
import type { Problem } from '#libs/contracts';
import { isCollision, isUnavailable } from '#libs/database';
import { BODY_LIMITS, type BodyLimit, tooLarge } from './body-limits.js';
import { ProblemError } from './problem-error.js';

/** The problem document of any error; an unexpected one becomes status 500 without internal details. */
export const problemOf = (error: unknown, limit: BodyLimit = BODY_LIMITS.command): Problem =>
  problemErrorOf(error, limit).problem;

/** `limit`: the body limit of the requested path, for a body that exceeds it. */
function problemErrorOf(error: unknown, limit: BodyLimit): ProblemError {
  if (error instanceof ProblemError) return error;
  if (isUnavailable(error))
    return new ProblemError(
      503,
      'database-away',
      'The database is not responding',
      'Try again in a moment. Completed requests are saved, and runs in progress continue.',
    );
  if (isCollision(error))
    return new ProblemError(
      503,
      'conflict',
      'The request conflicted with a concurrent one',
      'Nothing was changed. Send the request again.',
    );
  switch (statusOf(error)) {
    case 400:
      return new ProblemError(400, 'unreadable-request', 'Unreadable request', unreadable(error));
    case 404:
      return new ProblemError(404, 'unknown-route', 'Not found', 'Check the method and the path of the request.');
    case 413:
      return tooLarge(limit);
    case 415:
      return new ProblemError(
        415,
        'unsupported-encoding',
        'Unsupported encoding',
        'Send the body as JSON in UTF-8, uncompressed or as gzip.',
      );
    default:
      return new ProblemError(
        500,
        'internal',
        'Unexpected error',
        'Try again. If the error persists, report the request ID to your administrator; it is in the log of the gateway.',
      );
  }
}

/** The status that Nest or the body parser set on an error; 500 for any other error. */
function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  const status = (error as { status?: unknown } | null)?.status;
  return typeof status === 'number' ? status : 500;
}

function unreadable(error: unknown): string {
  const message = error instanceof Error ? error.message : 'the request is malformed';
  return `Send a well-formed URL, and the body as valid JSON in UTF-8 (${message}).`;
}
