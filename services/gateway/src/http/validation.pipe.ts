import { StandardSchemaValidationPipe } from '@nestjs/common';
import type { Problem } from '#libs/contracts';
import { ProblemError } from './problem-error.js';

type Issues = Parameters<NonNullable<StandardSchemaValidationPipe['options']>['exceptionFactory'] & object>[0];

/** A body of 100,000 wrong entries is not answered with 100,000 sentences. */
const MAX_ERRORS = 50;

function invalid(issues: Issues): ProblemError {
  const errors = issues.slice(0, MAX_ERRORS).map(({ path = [], message }) => ({
    path: path.map((segment) => String(typeof segment === 'object' ? segment.key : segment)).join('.'),
    message,
  }));
  return new ProblemError(400, 'invalid-request', 'The request does not fit', sentence(errors), errors);
}

function sentence(errors: NonNullable<Problem['errors']>): string {
  const first = errors[0]!;
  const where = first.path === '' ? 'the body' : `"${first.path}"`;
  const others = errors.length > 1 ? ` (and ${errors.length - 1} more, see errors)` : '';
  return `Correct ${where}: ${first.message}${others}.`;
}

/** Checks whatever a controller declares with a schema; misfits become a problem that names each place. */
export const validationPipe = () => new StandardSchemaValidationPipe({ exceptionFactory: invalid });
