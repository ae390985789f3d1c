import { type Problem, problemSchema } from '#libs/contracts';
import { CliError, EXIT, type ExitCode } from '../exit-codes.js';

/** Chowda has refused; the message is one line that says what to do. */
export class ApiError extends CliError {
  constructor(
    readonly status: number,
    readonly problem: Problem | null,
    message: string,
  ) {
    super(message, exitCodeOf(status));
  }
}

/** How a command ends that was answered with this status. */
const exitCodeOf = (status: number): ExitCode =>
  [401, 403, 421, 502, 503, 504].includes(status) ? EXIT.unreachable : EXIT.failures;

/** The error behind an answer of 400 or above. */
export function apiError(url: string, status: number, text: string): ApiError {
  const parsed = problemSchema.safeParse(parseJson(text));
  if (!parsed.success)
    return new ApiError(status, null, `${url} answered ${status}, and not as Chowda does: check CHOWDA_URL.`);
  const { detail, requestId } = parsed.data;
  const log = status >= 500 && requestId !== undefined ? ` (request ${requestId})` : '';
  return new ApiError(status, parsed.data, `${detail}${log}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
