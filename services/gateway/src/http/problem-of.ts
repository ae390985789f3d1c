import { HttpException } from '@nestjs/common';
import { type Problem, problemType } from '#libs/contracts';
import { isCollision, isUnavailable } from '#libs/database';
import { BODY_LIMITS, type BodyLimit, tooLarge } from './body-limits.js';
import { ProblemError } from './problem-error.js';
import type { ProblemName } from './problem-types.js';

const problem = (status: number, name: ProblemName, title: string, detail: string): Problem => ({
  type: problemType(name),
  title,
  status,
  detail,
});

/**
 * The problem document of any error of a request on this path; one that nobody foresaw gets status 500 and tells nothing
 * of its inside.
 */
export function problemOf(error: unknown, limit: BodyLimit = BODY_LIMITS.command): Problem {
  if (error instanceof ProblemError) return error.problem;
  if (isUnavailable(error))
    return problem(
      503,
      'database-away',
      'The database does not answer',
      'Try again in a moment. What was asked before is not lost, and what is under way goes on.',
    );
  if (isCollision(error))
    return problem(
      503,
      'in-the-way',
      'Another command was in the way',
      'Nothing was changed. Send it again: two commands wanted the same at the same moment.',
    );
  switch (statusOf(error)) {
    case 400:
      return problem(400, 'unreadable-request', 'Unreadable request', unreadable(error));
    case 404:
      return problem(404, 'unknown-route', 'Nothing is here', 'Check the method and the path of the request.');
    case 413:
      return tooLarge(limit).problem;
    case 415:
      return problem(
        415,
        'unsupported-encoding',
        'Unsupported encoding',
        'Send the body as JSON in UTF-8, plain or gzip.',
      );
    default:
      return problem(
        500,
        'internal',
        'Something went wrong here',
        'Try again. The log of the gateway has the request under its id.',
      );
  }
}

/** Status that Nest or the body parser gave an error; 500 for any other one. */
function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  const status = (error as { status?: unknown } | null)?.status;
  return typeof status === 'number' ? status : 500;
}

function unreadable(error: unknown): string {
  const message = error instanceof Error ? error.message : 'the request is malformed';
  return `Send a well-formed address, and the body as valid JSON in UTF-8 (${message}).`;
}
