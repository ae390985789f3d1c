import { ProblemError, readProblem, unreachable } from './problem-error.js';

/** Sends a request to Chowda; throws ProblemError for every answer that is not 2xx and when there is none. */
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

/** Reads JSON of the shape the contracts promise for this path. */
export async function getJson<Body>(path: string, signal?: AbortSignal): Promise<Body> {
  const response = await request(path, { headers: { accept: 'application/json' }, ...(signal ? { signal } : {}) });
  return (await response.json()) as Body;
}
