import type { ServerResponse } from 'node:http';
import type { Logger } from '#libs/runtime';
import { type ApiRequest, type Next, pathOf } from './api-request.js';

const PROBES = ['/healthz', '/livez'];

/** Middleware that logs one line per request, without query, headers and bodies, which may contain secrets. */
export function requestLog(logger: Logger): (request: ApiRequest, response: ServerResponse, next: Next) => void {
  return (request, response, next) => {
    const begin = performance.now();
    const { method, requestId } = request;
    const path = pathOf(request);
    response.once('close', () => {
      const line = { requestId, method, path, status: response.statusCode, ms: Math.round(performance.now() - begin) };
      logger[PROBES.includes(path) ? 'debug' : 'info'](line, 'request');
    });
    next();
  };
}
