import type { ServerResponse } from 'node:http';
import type { ApiRequest, Next } from '../http/api-request.js';
import { refusal } from './access-rules.js';

/** Middleware that refuses unknown host names and foreign origins, whatever the path. */
export const checkVisit =
  (allowedHosts: readonly string[]) =>
  (request: ApiRequest, _response: ServerResponse, next: Next): void => {
    const { method = 'GET', headers } = request;
    next(refusal({ method, headers }, allowedHosts) ?? undefined);
  };
