import { type Problem, problemSchema } from '#libs/contracts';
import { CliError, EXIT, type ExitCode } from '../exit-codes.js';

/** An error response from Chowda; the message is one line that states what to do. */
export class ApiError extends CliError {
  constructor(
    readonly status: number,
    readonly problem: Problem | null,
    message: string,
  ) {
    super(message, exitCodeOf(status));
  }
}

/** Exit code of a command whose request received this HTTP status. */
const exitCodeOf = (status: number): ExitCode =>
  [401, 403, 421, 502, 503, 504].includes(status) ? EXIT.unreachable : EXIT.failures;

/** The error for a response with a status of 400 or above. */
export function apiError(url: string, status: number, text: string): ApiError {
  const parsed = problemSchema.safeParse(parseJson(text));
  if (!parsed.success)
    return new ApiError(
      status,
      null,
      `${url} returned status ${status}, but not in the format of Chowda. Check CHOWDA_URL.`,
    );
  const { detail, requestId } = parsed.data;
  const reference = status >= 500 && requestId !== undefined ? ` (request ID ${requestId})` : '';
  return new ApiError(status, parsed.data, `${detail}${reference}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
