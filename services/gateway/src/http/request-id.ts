import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { ApiRequest, Next } from './api-request.js';

const HEADER = 'X-Request-Id';
const ACCEPTABLE = /^[A-Za-z0-9_-]{8,64}$/;

/** The request ID that a proxy set, otherwise a new one. */
export function requestIdOf({ headers }: Pick<ApiRequest, 'headers'>): string {
  const given = headers[HEADER.toLowerCase()];
  return typeof given === 'string' && ACCEPTABLE.test(given) ? given : randomUUID();
}

/** Middleware that sets the request ID, also in the response. */
export function requestId(request: ApiRequest, response: ServerResponse, next: Next): void {
  request.requestId = requestIdOf(request);
  response.setHeader(HEADER, request.requestId);
  next();
}
