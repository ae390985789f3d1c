import { type Problem, problemSchema } from '#libs/contracts';

/** A failed request, with the problem that the server reported. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';

  constructor(readonly problem: Problem) {
    super(problem.detail);
  }
}

/** The problem of any error of a query or a command. */
export const problemOf = (error: unknown): Problem =>
  error instanceof ProblemError
    ? error.problem
    : {
        type: 'about:blank',
        title: 'Error on this page',
        status: 0,
        detail: error instanceof Error ? error.message : String(error),
      };

/** The problem of a request without a response. */
export const unreachable = (): Problem => ({
  type: 'about:blank',
  title: 'Chowda is not responding',
  status: 0,
  detail: 'Check that Chowda is running and reachable from this computer, then try again.',
});

/** Reads a response with an error status; a body that is not a problem document is described by its status. */
export function readProblem(status: number, requestId: string | null, body: string): Problem {
  const parsed = problemSchema.safeParse(parseJson(body));
  const problem = parsed.success
    ? parsed.data
    : {
        type: 'about:blank',
        title: `The server returned status ${status}`,
        status,
        detail:
          'The response contains no details. Try again; if this persists, search the server log for the request ID.',
      };
  return requestId !== null && !problem.requestId ? { ...problem, requestId } : problem;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
