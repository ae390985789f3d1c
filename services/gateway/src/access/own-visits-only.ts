import type { ServerResponse } from 'node:http';
import type { ApiRequest, Next } from '../http/api-request.js';
import { refusal } from './access-rules.js';

/** Refuses foreign hosts and origins for every path. */
export const ownVisitsOnly =
  (allowedHosts: readonly string[]) =>
  (request: ApiRequest, _response: ServerResponse, next: Next): void => {
    const { method = 'GET', headers } = request;
    next(refusal({ method, headers }, allowedHosts) ?? undefined);
  };
