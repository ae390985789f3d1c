import { type Problem, problemSchema } from '#libs/contracts';

/** A request that failed, with the server's own words about it. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';

  constructor(readonly problem: Problem) {
    super(problem.detail);
  }
}

/** The problem of any error a query or a command may end with. */
export const problemOf = (error: unknown): Problem =>
  error instanceof ProblemError
    ? error.problem
    : {
        type: 'about:blank',
        title: 'The page has a problem',
        status: 0,
        detail: error instanceof Error ? error.message : String(error),
      };

/** The server could not be reached at all. */
export const unreachable = (): Problem => ({
  type: 'about:blank',
  title: 'Chowda does not answer',
  status: 0,
  detail: 'Check that Chowda is still running and reachable from here, then try again.',
});

/** Reads an answer that is not 2xx; a body that is no problem document is described by its status. */
export function readProblem(status: number, requestId: string | null, body: string): Problem {
  const parsed = problemSchema.safeParse(parseJson(body));
  const problem = parsed.success
    ? parsed.data
    : {
        type: 'about:blank',
        title: `The server answered with status ${status}`,
        status,
        detail: 'The answer says nothing more. Try again; the server log has the request under its id.',
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
