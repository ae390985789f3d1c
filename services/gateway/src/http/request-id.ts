import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { ApiRequest, Next } from './api-request.js';

const HEADER = 'X-Request-Id';
const ACCEPTABLE = /^[A-Za-z0-9_-]{8,64}$/;

/** Gives each request an id, or keeps the one that a proxy before us gave it. */
export function requestId(request: ApiRequest, response: ServerResponse, next: Next): void {
  const given = request.headers[HEADER.toLowerCase()];
  request.requestId = typeof given === 'string' && ACCEPTABLE.test(given) ? given : randomUUID();
  response.setHeader(HEADER, request.requestId);
  next();
}
