import { ProblemError, readProblem, unreachable } from './problem-error.js';

/** Sends a request to Chowda. Throws ProblemError for an error status, and if there is no response. */
export async function request(path: string, init: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, { credentials: 'same-origin', ...init });
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new ProblemError(unreachable());
  }
  if (response.ok) return response;
  const requestId = response.headers.get('X-Request-Id');
  throw new ProblemError(readProblem(response.status, requestId, await response.text().catch(() => '')));
}

/** Reads JSON; the caller states the type, which libs/contracts defines for this path. */
export async function getJson<Body>(path: string, signal?: AbortSignal): Promise<Body> {
  const response = await request(path, { headers: { accept: 'application/json' }, ...(signal ? { signal } : {}) });
  return (await response.json()) as Body;
}
