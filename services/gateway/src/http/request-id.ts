import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { ApiRequest, Next } from './api-request.js';

const HEADER = 'X-Request-Id';
const ACCEPTABLE = /^[A-Za-z0-9_-]{8,64}$/;

/** The id that a proxy before us gave a request, else a new one. */
export function requestIdOf({ headers }: Pick<ApiRequest, 'headers'>): string {
  const given = headers[HEADER.toLowerCase()];
  return typeof given === 'string' && ACCEPTABLE.test(given) ? given : randomUUID();
}

/** Gives each request its id and repeats it in the answer. */
export function requestId(request: ApiRequest, response: ServerResponse, next: Next): void {
  request.requestId = requestIdOf(request);
  response.setHeader(HEADER, request.requestId);
  next();
}
